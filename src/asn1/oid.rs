//! Every object identifier of the program, named as in the standard that defines it.
//!
//! Our own identifiers stand under `2.25` (X.667), which needs no registration; the number below it is kept under 32
//! bits, because widely used parsers read no larger arc.

use der::asn1::ObjectIdentifier;

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        $($(#[$doc])* pub const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($text);)+

        /// The standard's name of an object identifier, where the table has it: for messages and reports.
        pub fn name(oid: &ObjectIdentifier) -> Option<&'static str> {
            [$(($name, stringify!($name))),+].into_iter().find(|(known, _)| known == oid).map(|(_, name)| name)
        }
    };
}

oids! {
    // Signature and digest algorithms.
    /// `id-ecPublicKey` (RFC 5480 section 2.1.1).
    ID_EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    /// `secp256r1` (RFC 5480 section 2.1.1.1).
    SECP256R1 = "1.2.840.10045.3.1.7";
    /// `secp384r1` (RFC 5480 section 2.1.1.1).
    SECP384R1 = "1.3.132.0.34";
    /// `secp521r1` (RFC 5480 section 2.1.1.1).
    SECP521R1 = "1.3.132.0.35";
    /// `brainpoolP256r1` (RFC 5639 section 4.1, as the next four).
    BRAINPOOL_P256R1 = "1.3.36.3.3.2.8.1.1.7";
    /// `brainpoolP384r1`.
    BRAINPOOL_P384R1 = "1.3.36.3.3.2.8.1.1.11";
    /// `brainpoolP512r1`; named, not verified.
    BRAINPOOL_P512R1 = "1.3.36.3.3.2.8.1.1.13";
    /// `brainpoolP256t1`; named, not verified.
    BRAINPOOL_P256T1 = "1.3.36.3.3.2.8.1.1.8";
    /// `brainpoolP384t1`; named, not verified.
    BRAINPOOL_P384T1 = "1.3.36.3.3.2.8.1.1.12";
    /// `secp256k1` (SEC 2 section 2.4.1); named, not verified.
    SECP256K1 = "1.3.132.0.10";
    /// `ecdsa-with-SHA1` (RFC 3279 section 2.2.3); read only, never trusted.
    ECDSA_WITH_SHA1 = "1.2.840.10045.4.1";
    /// `ecdsa-with-SHA256` (RFC 5758 section 3.2).
    ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    /// `ecdsa-with-SHA384` (RFC 5758 section 3.2).
    ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3";
    /// `ecdsa-with-SHA512` (RFC 5758 section 3.2).
    ECDSA_WITH_SHA512 = "1.2.840.10045.4.3.4";
    /// `id-ecdsa-with-sha3-256` (NIST Computer Security Objects Register).
    ECDSA_WITH_SHA3_256 = "2.16.840.1.101.3.4.3.10";
    /// `id-ecdsa-with-sha3-384` (NIST Computer Security Objects Register).
    ECDSA_WITH_SHA3_384 = "2.16.840.1.101.3.4.3.11";
    /// `id-ecdsa-with-sha3-512` (NIST Computer Security Objects Register).
    ECDSA_WITH_SHA3_512 = "2.16.840.1.101.3.4.3.12";
    /// `rsaEncryption` (RFC 8017 appendix A.1).
    RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
    /// `id-RSASSA-PSS` (RFC 8017 appendix A.2.3).
    RSASSA_PSS = "1.2.840.113549.1.1.10";
    /// `id-mgf1` (RFC 8017 appendix A.2.1).
    MGF1 = "1.2.840.113549.1.1.8";
    /// `md5WithRSAEncryption` (RFC 8017 appendix A.2.4); read only, never trusted.
    MD5_WITH_RSA = "1.2.840.113549.1.1.4";
    /// `sha1WithRSAEncryption` (RFC 8017 appendix A.2.4); read only, never trusted.
    SHA1_WITH_RSA = "1.2.840.113549.1.1.5";
    /// `sha256WithRSAEncryption` (RFC 8017 appendix A.2.4).
    SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
    /// `sha384WithRSAEncryption` (RFC 8017 appendix A.2.4).
    SHA384_WITH_RSA = "1.2.840.113549.1.1.12";
    /// `sha512WithRSAEncryption` (RFC 8017 appendix A.2.4).
    SHA512_WITH_RSA = "1.2.840.113549.1.1.13";
    /// `id-rsassa-pkcs1-v1-5-with-sha3-256` (NIST Computer Security Objects Register).
    SHA3_256_WITH_RSA = "2.16.840.1.101.3.4.3.14";
    /// `id-rsassa-pkcs1-v1-5-with-sha3-384` (NIST Computer Security Objects Register).
    SHA3_384_WITH_RSA = "2.16.840.1.101.3.4.3.15";
    /// `id-rsassa-pkcs1-v1-5-with-sha3-512` (NIST Computer Security Objects Register).
    SHA3_512_WITH_RSA = "2.16.840.1.101.3.4.3.16";
    /// `id-Ed25519` (RFC 8410 section 3).
    ED25519 = "1.3.101.112";
    /// `id-dsa-with-sha256` (RFC 5758 section 3.1); named, not verified.
    DSA_WITH_SHA256 = "2.16.840.1.101.3.4.3.2";
    /// `id-shake128` (RFC 8702 section 2); named, not verified.
    SHAKE128 = "2.16.840.1.101.3.4.2.11";
    /// `id-shake256` (RFC 8702 section 2); named, not verified.
    SHAKE256 = "2.16.840.1.101.3.4.2.12";
    /// `id-Ed448` (RFC 8410 section 3); named, not verified.
    ED448 = "1.3.101.113";
    /// The SM2 curve and, in some certificates, the key algorithm (GB/T 33560).
    SM2_CURVE = "1.2.156.10197.1.301";
    /// SM2 signature, as some producers name it in SignerInfo (GB/T 35275).
    SM2_SIGN = "1.2.156.10197.1.301.1";
    /// SM2 signature with SM3 (GB/T 33560).
    SM2_WITH_SM3 = "1.2.156.10197.1.501";
    /// `id-md5` (RFC 3279 section 2.1); read only, never trusted.
    MD5 = "1.2.840.113549.2.5";
    /// `id-sha1` (RFC 3279 section 2.1); read only, never trusted.
    SHA1 = "1.3.14.3.2.26";
    /// `id-sha256` (RFC 5754 section 2.2).
    SHA256 = "2.16.840.1.101.3.4.2.1";
    /// `id-sha384` (RFC 5754 section 2.3).
    SHA384 = "2.16.840.1.101.3.4.2.2";
    /// `id-sha512` (RFC 5754 section 2.4).
    SHA512 = "2.16.840.1.101.3.4.2.3";
    /// `id-sha3-256` (RFC 8702 section 2; NIST Computer Security Objects Register).
    SHA3_256 = "2.16.840.1.101.3.4.2.8";
    /// `id-sha3-384` (NIST Computer Security Objects Register).
    SHA3_384 = "2.16.840.1.101.3.4.2.9";
    /// `id-sha3-512` (NIST Computer Security Objects Register).
    SHA3_512 = "2.16.840.1.101.3.4.2.10";
    /// SM3 without a key, as some producers name it (GM/T 0006).
    SM3_UNKEYED = "1.2.156.10197.1.401.1";
    /// SM3 with a key (GM/T 0006), sometimes written where SM3 is meant.
    SM3_KEYED = "1.2.156.10197.1.401.2";
    /// SM3 (GB/T 33560).
    SM3 = "1.2.156.10197.1.401";

    // Certificate extensions.
    /// `id-ce-authorityKeyIdentifier` (RFC 5280 section 4.2.1.1).
    AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    /// `id-ce-subjectKeyIdentifier` (RFC 5280 section 4.2.1.2).
    SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    /// `id-ce-keyUsage` (RFC 5280 section 4.2.1.3).
    KEY_USAGE = "2.5.29.15";
    /// `id-ce-certificatePolicies` (RFC 5280 section 4.2.1.4).
    CERTIFICATE_POLICIES = "2.5.29.32";
    /// `anyPolicy` (RFC 5280 section 4.2.1.4).
    ANY_POLICY = "2.5.29.32.0";
    /// `id-ce-policyMappings` (RFC 5280 section 4.2.1.5).
    POLICY_MAPPINGS = "2.5.29.33";
    /// `id-ce-subjectAltName` (RFC 5280 section 4.2.1.6).
    SUBJECT_ALT_NAME = "2.5.29.17";
    /// `id-ce-basicConstraints` (RFC 5280 section 4.2.1.9).
    BASIC_CONSTRAINTS = "2.5.29.19";
    /// `id-ce-nameConstraints` (RFC 5280 section 4.2.1.10).
    NAME_CONSTRAINTS = "2.5.29.30";
    /// `id-ce-policyConstraints` (RFC 5280 section 4.2.1.11).
    POLICY_CONSTRAINTS = "2.5.29.36";
    /// `id-ce-extKeyUsage` (RFC 5280 section 4.2.1.12).
    EXT_KEY_USAGE = "2.5.29.37";
    /// `id-ce-cRLDistributionPoints` (RFC 5280 section 4.2.1.13).
    CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    /// `id-ce-inhibitAnyPolicy` (RFC 5280 section 4.2.1.14).
    INHIBIT_ANY_POLICY = "2.5.29.54";
    /// `id-pe-authorityInfoAccess` (RFC 5280 section 4.2.2.1).
    AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    /// `id-pe-subjectInfoAccess` (RFC 5280 section 4.2.2.2).
    SUBJECT_INFO_ACCESS = "1.3.6.1.5.5.7.1.11";
    /// `id-ce-subjectDirectoryAttributes` (RFC 5280 section 4.2.1.8).
    SUBJECT_DIRECTORY_ATTRIBUTES = "2.5.29.9";
    /// `id-ce-freshestCRL` (RFC 5280 section 4.2.1.15).
    FRESHEST_CRL = "2.5.29.46";
    /// `id-ad-caIssuers` (RFC 5280 section 4.2.2.1).
    AD_CA_ISSUERS = "1.3.6.1.5.5.7.48.2";
    /// `id-ad-caRepository` (RFC 5280 section 4.2.2.2).
    AD_CA_REPOSITORY = "1.3.6.1.5.5.7.48.5";
    /// `id-ad-ocsp` (RFC 5280 section 4.2.2.1).
    AD_OCSP = "1.3.6.1.5.5.7.48.1";
    /// `id-pkix-ocsp-basic` (RFC 6960 section 4.2.1).
    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    /// `id-pkix-ocsp-nonce` (RFC 6960 section 4.4.1).
    OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    /// `id-pkix-ocsp-nocheck` (RFC 6960 section 4.2.2.2.1).
    OCSP_NOCHECK = "1.3.6.1.5.5.7.48.1.5";
    /// Organisation code or unified social credit code of the subject (GM/T 0015).
    CREDIT_CODE = "1.2.156.10260.4.1.4";
    /// Ours: the type codes (GB/T 36904) of the licences that the subject may issue, a `SEQUENCE OF PrintableString`.
    LICENCE_TYPES = "2.25.1785436243.4.1";

    // CRL extensions.
    /// `id-ce-cRLNumber` (RFC 5280 section 5.2.3).
    CRL_NUMBER = "2.5.29.20";
    /// `id-ce-deltaCRLIndicator` (RFC 5280 section 5.2.4).
    DELTA_CRL_INDICATOR = "2.5.29.27";
    /// `id-ce-issuingDistributionPoint` (RFC 5280 section 5.2.5).
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    /// `id-ce-cRLReasons` (RFC 5280 section 5.3.1).
    CRL_REASONS = "2.5.29.21";
    /// `id-ce-invalidityDate` (RFC 5280 section 5.3.2).
    INVALIDITY_DATE = "2.5.29.24";
    /// `id-ce-certificateIssuer` (RFC 5280 section 5.3.3).
    CERTIFICATE_ISSUER = "2.5.29.29";

    // Extended key usages.
    /// `anyExtendedKeyUsage` (RFC 5280 section 4.2.1.12).
    ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    /// `id-kp-serverAuth` (RFC 5280 section 4.2.1.12).
    KP_SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    /// `id-kp-clientAuth` (RFC 5280 section 4.2.1.12).
    KP_CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    /// `id-kp-OCSPSigning` (RFC 6960 section 4.2.2.2).
    KP_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    /// `id-kp-timeStamping` (RFC 3161 section 2.3).
    KP_TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    /// `id-kp-documentSigning` (RFC 9336 section 3.1).
    KP_DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36";
    /// `id-tsl-kp-tslSigning` (ETSI TS 119 612 clause 5.7.1): signing trusted lists.
    KP_TRUST_LIST_SIGNING = "0.4.0.2231.3.0";
    /// Ours: making electronic seals (the seal maker, 制章者).
    KP_SEAL_MAKING = "2.25.1785436243.1.1";
    /// Ours: signing the payload of QR codes and the lists that go with them.
    KP_CREDENTIAL_SIGNING = "2.25.1785436243.1.2";

    // Attributes of names.
    /// `id-at-countryName` (RFC 5280 appendix A.1).
    COUNTRY_NAME = "2.5.4.6";
    /// `id-at-organizationName` (RFC 5280 appendix A.1).
    ORGANIZATION_NAME = "2.5.4.10";
    /// `id-at-organizationalUnitName` (RFC 5280 appendix A.1).
    ORGANIZATIONAL_UNIT_NAME = "2.5.4.11";
    /// `id-at-commonName` (RFC 5280 appendix A.1).
    COMMON_NAME = "2.5.4.3";
    /// `id-at-stateOrProvinceName` (RFC 5280 appendix A.1).
    STATE_OR_PROVINCE_NAME = "2.5.4.8";
    /// `id-at-localityName` (RFC 5280 appendix A.1).
    LOCALITY_NAME = "2.5.4.7";
    /// `id-at-serialNumber` (RFC 5280 appendix A.1).
    SERIAL_NUMBER = "2.5.4.5";
    /// `emailAddress` (RFC 2985 section 5.2.1).
    EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
    /// `id-on-SmtpUTF8Mailbox` (RFC 9598 section 3).
    SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9";
    /// `id-at-organizationIdentifier` (X.520 section 6.4.4).
    ORGANIZATION_IDENTIFIER = "2.5.4.97";

    // Message syntax.
    /// `id-data` (RFC 5652 section 4).
    ID_DATA = "1.2.840.113549.1.7.1";
    /// `id-signedData` (RFC 5652 section 5.1).
    ID_SIGNED_DATA = "1.2.840.113549.1.7.2";
    /// data (GB/T 35275).
    GM_DATA = "1.2.156.10197.6.1.4.2.1";
    /// signedData (GB/T 35275).
    GM_SIGNED_DATA = "1.2.156.10197.6.1.4.2.2";
    /// `id-contentType` (RFC 5652 section 11.1).
    CONTENT_TYPE = "1.2.840.113549.1.9.3";
    /// `id-messageDigest` (RFC 5652 section 11.2).
    MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    /// `id-signingTime` (RFC 5652 section 11.3).
    SIGNING_TIME = "1.2.840.113549.1.9.5";
    /// `id-aa-signingCertificate` (RFC 2634 section 5.4); read only.
    SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    /// `id-aa-signingCertificateV2` (RFC 5035 section 3).
    SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
    /// `id-aa-signatureTimeStampToken` (RFC 3161 appendix A).
    SIGNATURE_TIME_STAMP_TOKEN = "1.2.840.113549.1.9.16.2.14";
    /// `id-aa-CMSAlgorithmProtection` (RFC 6211 section 2).
    CMS_ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52";
    /// `id-aa-ets-sigPolicyId` (ETSI EN 319 122-1 section 5.2.9.1).
    SIGNATURE_POLICY_ID = "1.2.840.113549.1.9.16.2.15";
    /// `id-spq-ets-uri` (ETSI EN 319 122-1 section 5.2.9.1).
    SPQ_URI = "1.2.840.113549.1.9.16.5.1";
    /// `id-aa-ets-commitmentType` (ETSI EN 319 122-1 section 5.2.3).
    COMMITMENT_TYPE = "1.2.840.113549.1.9.16.2.16";
    /// `id-aa-ets-contentTimestamp` (ETSI EN 319 122-1 section 5.2.8).
    CONTENT_TIME_STAMP = "1.2.840.113549.1.9.16.2.20";
    /// `id-aa-ets-certificateRefs` (ETSI EN 319 122-1 appendix A.1.1.1).
    CERTIFICATE_REFS = "1.2.840.113549.1.9.16.2.21";
    /// `id-aa-ets-revocationRefs` (ETSI EN 319 122-1 appendix A.1.2.1).
    REVOCATION_REFS = "1.2.840.113549.1.9.16.2.22";
    /// `id-aa-ets-certValues` (ETSI EN 319 122-1 section 5.4.2).
    CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23";
    /// `id-aa-ets-revocationValues` (ETSI EN 319 122-1 section 5.4.3).
    REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24";
    /// `id-aa-ets-escTimeStamp` (ETSI EN 319 122-1 appendix A.1.5.2).
    ESC_TIME_STAMP = "1.2.840.113549.1.9.16.2.25";
    /// `id-aa-ets-certCRLTimestamp` (ETSI EN 319 122-1 appendix A.1.5.1).
    CERT_CRL_TIME_STAMP = "1.2.840.113549.1.9.16.2.26";
    /// `id-aa-ets-archiveTimestampV2` (ETSI EN 319 122-1 appendix A.2.4).
    ARCHIVE_TIME_STAMP_V2 = "1.2.840.113549.1.9.16.2.48";
    /// `id-aa-ets-archiveTimestampV3` (ETSI EN 319 122-1 section 5.5.3).
    ARCHIVE_TIME_STAMP_V3 = "0.4.0.1733.2.4";
    /// `adbe-revocationInfoArchival` (ISO 32000-2 section 12.8.3.3.2).
    ADOBE_REVOCATION_INFO = "1.2.840.113583.1.1.8";
    /// `id-ri-ocsp-response` (RFC 5940 section 2.1).
    RI_OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2";
    /// `id-cti-ets-proofOfOrigin` (ETSI EN 319 122-1 section 5.2.3, as the next five).
    PROOF_OF_ORIGIN = "1.2.840.113549.1.9.16.6.1";
    /// `id-cti-ets-proofOfReceipt`.
    PROOF_OF_RECEIPT = "1.2.840.113549.1.9.16.6.2";
    /// `id-cti-ets-proofOfDelivery`.
    PROOF_OF_DELIVERY = "1.2.840.113549.1.9.16.6.3";
    /// `id-cti-ets-proofOfSender`.
    PROOF_OF_SENDER = "1.2.840.113549.1.9.16.6.4";
    /// `id-cti-ets-proofOfApproval`.
    PROOF_OF_APPROVAL = "1.2.840.113549.1.9.16.6.5";
    /// `id-cti-ets-proofOfCreation`.
    PROOF_OF_CREATION = "1.2.840.113549.1.9.16.6.6";
    /// `id-ct-TSTInfo` (RFC 3161 section 2.4.2).
    CT_TST_INFO = "1.2.840.113549.1.9.16.1.4";
    /// `extensionRequest` of a certification request (RFC 2985 section 5.4.2).
    EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
    /// Ours: a signed attribute that holds a whole `SES_Signature` (GB/T 38540).
    SES_SIGNATURE = "2.25.1785436243.2.1";

    // Policies.
    /// Ours: the policy of our time-stamping authority (RFC 3161 section 2.4.2).
    TSA_POLICY = "2.25.1785436243.3.1";
    /// Ours: certificates of government bodies that seal licences.
    GOVERNMENT_SEAL_POLICY = "2.25.1785436243.3.2";
    /// Ours: certificates of enterprises that sign documents.
    ENTERPRISE_SIGNING_POLICY = "2.25.1785436243.3.3";
    /// Ours: certificates of persons who sign documents.
    PERSON_SIGNING_POLICY = "2.25.1785436243.3.4";
    /// Ours: certificates of a verification service, which signs receipts.
    VERIFICATION_POLICY = "2.25.1785436243.3.5";
}

/// How messages name an object identifier: by name and number, or by number alone where the table does not have it.
pub fn describe(oid: &ObjectIdentifier) -> String {
    name(oid).map_or_else(|| oid.to_string(), |name| format!("{name} ({oid})"))
}

/// Root under which GB/T 36904 numbers licences: the beginning of a text, never written as DER.
pub const LICENCE_IDENTIFIERS: &str = "1.2.156.3005.2";
