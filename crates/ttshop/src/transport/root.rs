//! Authorities that are trusted besides the machine's own.

use std::fmt;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::{TransportError, TransportErrorKind};

/// The certificate of an authority to trust, such as a company's own.
#[derive(Clone, PartialEq, Eq)]
pub struct RootCertificate(CertificateDer<'static>);

impl RootCertificate {
    /// One certificate in DER. Whether it is one is found out when the transport is made.
    pub fn from_der(bytes: impl Into<Vec<u8>>) -> Self {
        Self(CertificateDer::from(bytes.into()))
    }

    /// Every certificate of a PEM file.
    ///
    /// # Errors
    /// The text is no PEM, or holds no certificate.
    pub fn all_from_pem(text: &[u8]) -> Result<Vec<Self>, TransportError> {
        let invalid = |source| TransportError::caused_by(TransportErrorKind::Invalid, source);
        let roots: Vec<_> = CertificateDer::pem_slice_iter(text)
            .map(|certificate| certificate.map(Self))
            .collect::<Result<_, _>>()
            .map_err(invalid)?;
        if roots.is_empty() {
            return Err(invalid(rustls::pki_types::pem::Error::NoItemsFound));
        }
        Ok(roots)
    }

    pub(super) fn der(&self) -> CertificateDer<'static> {
        self.0.clone()
    }
}

/// Only the size: the bytes say nothing to a reader.
impl fmt::Debug for RootCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootCertificate({} bytes)", self.0.len())
    }
}
