//! The profiles that are delivered, by name.

/// The kinds of certificates that this authority issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProfileKind {
    /// Authority that brings others together and is nobody's anchor.
    Bridge,
    /// Signer of the payload of QR codes and of the lists that go with them.
    CredentialSigner,
    /// Authority of somebody else that is recognised by a certificate.
    Cross,
    /// Enterprise that signs documents.
    Enterprise,
    /// Authority under a root.
    Issuing,
    /// Signer of the recognition list.
    ListSigner,
    /// Tells the status of certificates in the name of their authority (RFC 6960 section 4.2.2.2).
    OcspResponder,
    /// Organisation that signs and seals (签章者).
    OrganisationSigner,
    /// Person who signs documents.
    Person,
    /// Anchor of a chain.
    Root,
    /// Maker of seal objects (制章者).
    SealMaker,
    /// System that calls others over TLS.
    TlsClient,
    /// Host that is called over TLS.
    TlsServer,
    /// Time-stamping authority.
    Tsa,
    /// Verification service that signs receipts.
    Verifier,
}

impl ProfileKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::Bridge,
        Self::CredentialSigner,
        Self::Cross,
        Self::Enterprise,
        Self::Issuing,
        Self::ListSigner,
        Self::OcspResponder,
        Self::OrganisationSigner,
        Self::Person,
        Self::Root,
        Self::SealMaker,
        Self::TlsClient,
        Self::TlsServer,
        Self::Tsa,
        Self::Verifier,
    ];

    /// Its name: the name of its file without `.toml`.
    pub fn name(self) -> &'static str {
        self.file().0
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether such certificates are those of authorities or of what serves them: nobody's document, seal or code rests
    /// on one.
    pub fn serves_authorities(self) -> bool {
        self.is_authority() || matches!(self, Self::ListSigner | Self::OcspResponder | Self::Tsa)
    }

    /// Whether such certificates are those of authorities.
    pub fn is_authority(self) -> bool {
        matches!(self, Self::Bridge | Self::Cross | Self::Issuing | Self::Root)
    }

    pub(super) fn text(self) -> &'static str {
        self.file().1
    }

    /// Name and content of its file.
    fn file(self) -> (&'static str, &'static str) {
        macro_rules! file {
            ($name:literal) => {
                (
                    $name,
                    include_str!(concat!("../../../certs/profiles/", $name, ".toml")),
                )
            };
        }
        match self {
            Self::Bridge => file!("bridge"),
            Self::CredentialSigner => file!("credential-signer"),
            Self::Cross => file!("cross"),
            Self::Enterprise => file!("enterprise"),
            Self::Issuing => file!("issuing"),
            Self::ListSigner => file!("list-signer"),
            Self::OcspResponder => file!("ocsp-responder"),
            Self::OrganisationSigner => file!("organisation-signer"),
            Self::Person => file!("person"),
            Self::Root => file!("root"),
            Self::SealMaker => file!("seal-maker"),
            Self::TlsClient => file!("tls-client"),
            Self::TlsServer => file!("tls-server"),
            Self::Tsa => file!("tsa"),
            Self::Verifier => file!("verifier"),
        }
    }
}
