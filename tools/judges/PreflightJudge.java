import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.preflight.Format;
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.ValidationResult.ValidationError;
import org.apache.pdfbox.preflight.exception.SyntaxValidationException;
import org.apache.pdfbox.preflight.parser.PreflightParser;

/**
 * PDFBox preflight on PDF/A-3 files. It knows PDF/A-1b only, so what PDF/A-3 (ISO 19005-3) permits beyond that is let pass:
 * the table {@link #PERMITTED_BY_PART_3}, and nothing else.
 *
 * <pre>
 * java --class-path /usr/share/java/preflight.jar:... PreflightJudge.java FILE.pdf...
 * </pre>
 *
 * Prints one line for each finding that stays, {@code file: code details}; exit code 0 if none does.
 */
public final class PreflightJudge {
    /** Something that preflight objects to and PDF/A-3 permits: its error code, words of its message, and why. */
    private record Permitted(String code, String words, String clause) {
        boolean covers(ValidationError error) {
            return error.getErrorCode().equals(code) && error.getDetails().contains(words);
        }
    }

    private static final List<Permitted> PERMITTED_BY_PART_3 = List.of(
        new Permitted("1.2.7", "metadata dictionary", "6.6.2.1 no longer forbids a filter on metadata streams"),
        new Permitted("1.2.9", "", "6.8 permits embedded files"),
        new Permitted("1.4", "cross reference streams", "based on PDF 1.7, which has them (ISO 32000-1 7.5.8)"),
        new Permitted("1.4.7", "", "6.8 permits the name tree of embedded files"),
        new Permitted("3.1.11", "", "6.2.11.4.2 needs no CIDSet"),
        new Permitted("7.11.2", "", "6.6.4: the part number is 3"));

    private PreflightJudge() {}

    public static void main(String[] files) throws Exception {
        boolean clean = true;
        for (String file : files) {
            for (ValidationError error : findings(file)) {
                if (PERMITTED_BY_PART_3.stream().noneMatch(permitted -> permitted.covers(error))) {
                    System.out.println(file + ": " + error.getErrorCode() + " " + error.getDetails());
                    clean = false;
                }
            }
        }
        System.exit(clean ? 0 : 1);
    }

    private static List<ValidationError> findings(String file) throws Exception {
        PreflightParser parser = new PreflightParser(new File(file));
        try {
            parser.parse(Format.PDF_A1B);
            try (PreflightDocument document = parser.getPreflightDocument()) {
                document.validate();
                return document.getResult().getErrorsList();
            }
        } catch (SyntaxValidationException refusal) {
            ValidationResult result = refusal.getResult();
            return new ArrayList<>(result.getErrorsList());
        }
    }
}
