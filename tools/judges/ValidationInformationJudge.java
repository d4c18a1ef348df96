import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSObject;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;

/**
 * What the security store of a PDF says of each of its signatures (VRI, ISO 32000-2 12.8.4.4), read by PDFBox and Java's own reader of
 * certificates. An entry is looked for under the SHA-1 of the signature's Contents, padding included, and holds nothing that the store
 * does not have.
 *
 * <pre>
 * java --class-path /usr/share/java/pdfbox2.jar:... ValidationInformationJudge.java FILE.pdf
 * </pre>
 *
 * Prints one line for each signature, {@code SubFilter certificates lists answers}, or {@code SubFilter none}.
 */
public final class ValidationInformationJudge {
    private ValidationInformationJudge() {}

    public static void main(String[] arguments) throws Exception {
        File file = new File(arguments[0]);
        byte[] bytes = Files.readAllBytes(file.toPath());
        try (PDDocument document = PDDocument.load(file)) {
            COSDictionary catalog = document.getDocumentCatalog().getCOSObject();
            COSDictionary store = catalog.getCOSDictionary(COSName.getPDFName("DSS"));
            COSDictionary bySignature = store.getCOSDictionary(COSName.getPDFName("VRI"));
            for (PDSignature signature : document.getSignatureDictionaries()) {
                byte[] digest = MessageDigest.getInstance("SHA-1").digest(signature.getContents(bytes));
                String key = HexFormat.of().withUpperCase().formatHex(digest);
                COSDictionary entry = bySignature.getCOSDictionary(COSName.getPDFName(key));
                System.out.println(signature.getSubFilter() + " " + (entry == null ? "none" : told(entry, store)));
            }
        }
    }

    private static String told(COSDictionary entry, COSDictionary store) throws Exception {
        CertificateFactory reader = CertificateFactory.getInstance("X.509");
        COSArray certificates = chosen(entry, "Cert", store, "Certs");
        for (COSBase each : certificates) {
            reader.generateCertificate(new ByteArrayInputStream(read(each)));
        }
        COSArray lists = chosen(entry, "CRL", store, "CRLs");
        for (COSBase each : lists) {
            reader.generateCRL(new ByteArrayInputStream(read(each)));
        }
        COSArray answers = chosen(entry, "OCSP", store, "OCSPs");
        return certificates.size() + " " + lists.size() + " " + answers.size();
    }

    /** What an entry has, all of which the store has too. */
    private static COSArray chosen(COSDictionary entry, String key, COSDictionary store, String keyInStore) {
        COSArray chosen = entry.getCOSArray(COSName.getPDFName(key));
        if (chosen == null) {
            return new COSArray();
        }
        COSArray all = store.getCOSArray(COSName.getPDFName(keyInStore));
        for (COSBase each : chosen) {
            if (all.indexOf(each) < 0) {
                throw new IllegalStateException(key + " is not in " + keyInStore + ": " + each);
            }
        }
        return chosen;
    }

    private static byte[] read(COSBase stream) throws Exception {
        return ((COSStream) ((COSObject) stream).getObject()).createInputStream().readAllBytes();
    }
}
