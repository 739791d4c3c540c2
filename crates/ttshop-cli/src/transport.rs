//! The way to the platform, for `call` and `hub` alike.

use std::path::Path;

use ttshop::{HttpOptions, HttpTransport, RootCertificate};

use crate::failure::Failure;

/// HTTP that trusts what the machine trusts, and the authorities in `ca_file`.
pub(crate) fn transport(ca_file: Option<&Path>) -> Result<HttpTransport, Failure> {
    let extra_roots = ca_file.map(read_roots).transpose()?.unwrap_or_default();
    HttpTransport::new(&HttpOptions { extra_roots, ..HttpOptions::default() })
        .map_err(|error| Failure::of("failed to set up the way to the platform", &error))
}

fn read_roots(path: &Path) -> Result<Vec<RootCertificate>, Failure> {
    let text = std::fs::read(path)
        .map_err(|error| Failure::of(format!("failed to read the CA file `{}`", path.display()), &error))?;
    RootCertificate::all_from_pem(&text).map_err(|error| {
        Failure::of(format!("`{}` holds no certificates", path.display()), &error)
            .remedy("name a PEM file with `-----BEGIN CERTIFICATE-----`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        assert!(transport(Some(&path)).unwrap_err().to_string().contains("ca.pem"));
        std::fs::write(&path, "no certificate").unwrap();
        assert!(transport(Some(&path)).unwrap_err().to_string().contains("holds no certificates"));
        transport(None).unwrap();
    }
}
