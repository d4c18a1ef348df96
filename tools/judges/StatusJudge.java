import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Security;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * Bouncy Castle asks about a certificate (RFC 6960) and judges the answer, SM2 with SM3 included.
 *
 * <pre>
 * StatusJudge.java request ISSUER SERIAL-HEX DIGEST-OID NONCE-HEX|- FILE     writes a request
 * StatusJudge.java response ISSUER SERIAL-HEX DIGEST-OID NONCE-HEX|- FILE    judges a response
 * </pre>
 *
 * The responder in the response must be certified by the issuer for this purpose. Prints {@code good}, {@code unknown},
 * {@code revoked REASON} or the status of a failure; exit code 0 where the response holds.
 */
public final class StatusJudge {
    private StatusJudge() {}

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        X509CertificateHolder issuer = new X509CertificateHolder(Files.readAllBytes(Path.of(arguments[1])));
        DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().setProvider("BC").build();
        DigestCalculator digest = digests.get(
            new AlgorithmIdentifier(new ASN1ObjectIdentifier(arguments[3]), DERNull.INSTANCE));
        CertificateID id = new CertificateID(digest, issuer, new BigInteger(arguments[2], 16));
        byte[] nonce = arguments[4].equals("-") ? null : new DEROctetString(HexFormat.of().parseHex(arguments[4])).getEncoded();
        Path file = Path.of(arguments[5]);
        if (arguments[0].equals("request")) {
            OCSPReqBuilder request = new OCSPReqBuilder().addRequest(id);
            if (nonce != null) {
                request.setRequestExtensions(new Extensions(
                    new Extension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, nonce)));
            }
            Files.write(file, request.build().getEncoded());
            return;
        }
        OCSPResp response = new OCSPResp(new ByteArrayInputStream(Files.readAllBytes(file)));
        if (response.getStatus() != OCSPResp.SUCCESSFUL) {
            System.out.println("status " + response.getStatus());
            System.exit(1);
        }
        System.out.println(judge((BasicOCSPResp) response.getResponseObject(), issuer, id, nonce));
    }

    private static String judge(BasicOCSPResp basic, X509CertificateHolder issuer, CertificateID id, byte[] nonce)
            throws Exception {
        JcaContentVerifierProviderBuilder verifiers = new JcaContentVerifierProviderBuilder().setProvider("BC");
        X509CertificateHolder responder = basic.getCerts()[0];
        ContentVerifierProvider byIssuer = verifiers.build(issuer);
        demand(responder.isSignatureValid(byIssuer), "the responder is not certified by the issuer");
        demand(ExtendedKeyUsage.fromExtensions(responder.getExtensions()).hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning),
            "the responder is not certified for this purpose");
        byte[] key = MessageDigest.getInstance("SHA-1")
            .digest(responder.getSubjectPublicKeyInfo().getPublicKeyData().getBytes());
        demand(java.util.Arrays.equals(basic.getResponderId().toASN1Primitive().getKeyHash(), key),
            "the responder's identifier is not that of its key");
        demand(basic.isSignatureValid(verifiers.build(responder)), "the signature does not hold");
        Extension repeated = basic.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        byte[] found = repeated == null ? null : repeated.getExtnValue().getOctets();
        demand(java.util.Arrays.equals(found, nonce), "the nonce is not repeated");
        for (SingleResp single : basic.getResponses()) {
            if (single.getCertID().equals(id)) {
                CertificateStatus status = single.getCertStatus();
                if (status == CertificateStatus.GOOD) {
                    return "good";
                }
                return status instanceof RevokedStatus revoked ? "revoked " + revoked.getRevocationReason() : "unknown";
            }
        }
        throw new IllegalStateException("the certificate is not answered for");
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
