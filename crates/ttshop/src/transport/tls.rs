//! TLS with one provider, chosen here and not by a process-wide default.

use std::error::Error;
use std::io;
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::{BuilderVerifierExt as _, Verifier};

use super::RootCertificate;

/// TLS by rustls over aws-lc-rs, trusting what the machine trusts, and `extra_roots`.
///
/// A machine without root certificates can still talk to an emulator over plain HTTP, so their absence is a warning; every
/// https call then fails as untrusted.
pub(super) fn client_config(extra_roots: &[RootCertificate]) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder =
        ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    Ok(if extra_roots.is_empty() {
        match builder.with_platform_verifier() {
            Ok(builder) => builder.with_no_client_auth(),
            Err(reason) => {
                tracing::warn!(%reason, "no root certificates on this machine: https calls will fail");
                ClientConfig::builder_with_provider(provider)
                    .with_safe_default_protocol_versions()?
                    .with_root_certificates(RootCertStore::empty())
                    .with_no_client_auth()
            }
        }
    } else {
        let roots = extra_roots.iter().map(RootCertificate::der);
        let verifier = Verifier::new_with_extra_roots(roots, provider)?;
        builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth()
    })
}

/// Why the server's certificate was refused, if that is what `error` comes from.
pub(super) fn refusal(error: &(dyn Error + 'static)) -> Option<rustls::Error> {
    let mut cause = Some(error);
    while let Some(here) = cause {
        if let Some(refusal @ rustls::Error::InvalidCertificate(_)) = here.downcast_ref() {
            return Some(refusal.clone());
        }
        cause = below(here);
    }
    None
}

/// An input error wraps another one without naming it as its source.
fn below<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => cause.source(),
    }
}
