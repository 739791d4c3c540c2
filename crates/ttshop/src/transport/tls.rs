//! TLS with one provider, chosen here and not by a process-wide default.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;

/// TLS by rustls over aws-lc-rs, trusting what the machine trusts.
///
/// A machine without root certificates can still talk to an emulator over plain HTTP, so their absence is a warning; every
/// https call then fails as untrusted.
pub(super) fn client_config() -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder =
        ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let mut config = match builder.with_platform_verifier() {
        Ok(builder) => builder.with_no_client_auth(),
        Err(reason) => {
            tracing::warn!(%reason, "no root certificates on this machine: https calls will fail");
            ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()?
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth()
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
