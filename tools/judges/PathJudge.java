import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.InputStream;
import java.security.Security;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Bouncy Castle's verdict on a certification path, SM2 with SM3 included, with revocation by the CRLs given and nothing
 * fetched.
 *
 * <pre>
 * java --class-path /usr/share/java/bcprov.jar:... PathJudge.java --anchor F [--cert F]... [--crl F]... [--time T] [--policy OID] TARGET
 * </pre>
 *
 * Prints {@code valid} and the subjects of the path, or {@code invalid} and why; files are PEM or DER. Exit code 0 if valid.
 * With {@code --policy} that policy must hold along the path. With {@code --crl-issuer F} and no target it verifies the signature of every CRL with that certificate instead.
 */
public final class PathJudge {
    private final CertificateFactory factory = CertificateFactory.getInstance("X.509", "BC");
    private final Set<TrustAnchor> anchors = new HashSet<>();
    private final List<Object> store = new ArrayList<>();
    private final List<X509CRL> crls = new ArrayList<>();
    private X509Certificate crlIssuer;
    private X509Certificate target;
    private Date time = new Date();
    private String policy;

    private PathJudge() throws Exception {}

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        PathJudge judge = new PathJudge();
        judge.read(arguments);
        try {
            System.out.println("valid " + (judge.target == null ? judge.crlsVerify() : judge.path()));
        } catch (Exception refusal) {
            Throwable reason = refusal;
            while (reason.getCause() != null) {
                reason = reason.getCause();
            }
            System.out.println("invalid " + reason.getMessage());
            System.exit(1);
        }
    }

    private void read(String[] arguments) throws Exception {
        for (int at = 0; at < arguments.length; at++) {
            switch (arguments[at]) {
                case "--anchor" -> anchors.add(new TrustAnchor(certificate(arguments[++at]), null));
                case "--cert" -> store.add(certificate(arguments[++at]));
                case "--crl" -> crls.add(crl(arguments[++at]));
                case "--crl-issuer" -> crlIssuer = certificate(arguments[++at]);
                case "--time" -> time = Date.from(Instant.parse(arguments[++at]));
                case "--policy" -> policy = arguments[++at];
                default -> target = certificate(arguments[at]);
            }
        }
        store.addAll(crls);
    }

    private X509Certificate certificate(String file) throws Exception {
        try (InputStream stream = new FileInputStream(file)) {
            return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(stream.readAllBytes()));
        }
    }

    private X509CRL crl(String file) throws Exception {
        try (InputStream stream = new FileInputStream(file)) {
            CRL crl = factory.generateCRL(new ByteArrayInputStream(stream.readAllBytes()));
            return (X509CRL) crl;
        }
    }

    private String path() throws Exception {
        X509CertSelector selector = new X509CertSelector();
        selector.setCertificate(target);
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, selector);
        store.add(target);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(store), "BC"));
        parameters.setRevocationEnabled(true);
        parameters.setDate(time);
        if (policy != null) {
            parameters.setInitialPolicies(Set.of(policy));
            parameters.setExplicitPolicyRequired(true);
        }
        CertPathBuilder builder = CertPathBuilder.getInstance("PKIX", "BC");
        PKIXCertPathBuilderResult result = (PKIXCertPathBuilderResult) builder.build(parameters);
        StringBuilder subjects = new StringBuilder();
        result.getCertPath().getCertificates()
            .forEach(each -> subjects.append(((X509Certificate) each).getSubjectX500Principal()).append(" < "));
        return subjects.append(result.getTrustAnchor().getTrustedCert().getSubjectX500Principal()).toString();
    }

    private String crlsVerify() throws Exception {
        for (X509CRL crl : crls) {
            crl.verify(crlIssuer.getPublicKey(), "BC");
        }
        return crls.size() + " CRL";
    }
}
