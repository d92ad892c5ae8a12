package dev.sluice.protocol.multipart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartReaderTest {
    private static final String TYPE = "multipart/form-data; boundary=\"x-1\"";
    private static final String FILE =
            "\r\n--x-\r\n--x\r\r\n-model\r\n\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nno";
    private static final String FORM =
            "--x-1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a;b.wav\"\r\n"
                    + "Content-Type: audio/wav\r\n\r\n" + FILE
                    + "\r\n--x-1\r\ncontent-disposition: form-data; name=model\r\n\r\nwhisper-1"
                    + "\r\n--x-1 \r\nContent-Disposition: form-data; name=\"stream\"\r\n\r\ntrue\r\n--x-1--\r\nepilogue";

    private static MultipartReader read(String form, int size) {
        MultipartReader reader = MultipartReader.of(TYPE, Set.of("model", "stream"));
        assertThat(reader).isNotNull();
        byte[] bytes = form.getBytes(UTF_8);
        for (int i = 0; i < bytes.length; i += size) reader.feed(bytes, i, Math.min(bytes.length, i + size));
        return reader;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 10_000})
    void findsFieldsBehindAFileHoweverTheBytesAreCut(int size) {
        MultipartReader reader = read(FORM, size);
        assertThat(reader.problem()).isNull();
        assertThat(reader.isEnded()).isTrue();
        assertThat(reader.value("stream")).isEqualTo("true");
        MultipartReader.Field model = reader.field("model");
        assertThat(model).isNotNull();
        assertThat(model.value()).isEqualTo("whisper-1");
        assertThat(FORM.substring((int) model.from(), (int) model.to())).isEqualTo("whisper-1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 10_000})
    void knowsWhereTheFileLiesHoweverTheBytesAreCut(int size) {
        MultipartReader reader = read(FORM, size);
        assertThat(reader.files()).isEqualTo(1);
        assertThat(FORM.substring((int) reader.fileFrom(), (int) reader.fileTo()))
                .isEqualTo(FILE);
        MultipartReader cut = read(FORM.substring(0, FORM.indexOf("no\r\n")), size);
        assertThat(cut.fileFrom()).isEqualTo(reader.fileFrom());
        assertThat(cut.fileTo()).isEqualTo(Long.MAX_VALUE);
        assertThat(read("--x-1\r\n", size).fileFrom()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aFieldOfTheNameFileIsOneThatDoesNotSayWhatItWasCalled() {
        MultipartReader reader = read(FORM.replace("; filename=\"a;b.wav\"", ""), 5);
        assertThat(reader.fileName()).isEmpty();
        assertThat(FORM.substring(20 + (int) reader.fileFrom(), 20 + (int) reader.fileTo()))
                .isEqualTo(FILE);
        assertThat(read(FORM.replace("name=model", "name=file"), 5).files()).isEqualTo(2);
    }

    @Test
    void aFileIsNoField() {
        MultipartReader reader = read(FORM.replace("name=model", "name=model; filename=x"), 5);
        assertThat(reader.field("model")).isNull();
        assertThat(reader.problem()).isNull();
    }

    @Test
    void aFieldGivenTwiceIsAProblem() {
        assertThat(read(FORM.replace("name=\"stream\"", "name=\"model\""), 9).problem())
                .isEqualTo("field \"model\" is given twice; give it once");
    }

    @Test
    void listsFieldsThatMayBeGivenTwiceAndKnowsTheNameOfTheFile() {
        String form = "--x-1\r\nContent-Disposition: form-data; name=\"ids[]\"\r\n\r\na"
                + "\r\n--x-1\r\nContent-Disposition: form-data; name=\"ids[]\"\r\n\r\n" + "b".repeat(5_000)
                + "\r\n--x-1\r\nContent-Disposition: form-data; name=\"ids[]\"\r\n\r\nc\r\n" + FORM;
        MultipartReader reader = MultipartReader.of(TYPE, Set.of("model"), name -> name.equals("ids[]"));
        assertThat(reader).isNotNull();
        byte[] bytes = form.getBytes(UTF_8);
        reader.feed(bytes, 0, bytes.length);
        assertThat(reader.problem()).isNull();
        assertThat(reader.listed()).extracting(MultipartReader.Field::value).containsExactly("a", "c");
        MultipartReader.Field last = reader.listed().getLast();
        assertThat(form.substring((int) last.from(), (int) last.to())).isEqualTo("c");
        assertThat(reader.fileName()).isEqualTo("a;b.wav");
        assertThat(reader.value("model")).isEqualTo("whisper-1");
    }

    @Test
    void aFieldThatIsTooLongIsAProblem() {
        assertThat(read(FORM.replace("whisper-1", "m".repeat(5_000)), 100).problem())
                .contains("\"model\" is longer than 4096");
        assertThat(read(FORM.replace("audio/wav", "m".repeat(9_000)), 100).problem())
                .contains("header of a part is longer than 8192");
    }

    @Test
    void otherTypesAreNoForms() {
        assertThat(MultipartReader.of("application/json", Set.of())).isNull();
        assertThat(MultipartReader.of("multipart/form-data", Set.of())).isNull();
        assertThat(MultipartReader.of(null, Set.of())).isNull();
    }

    @Test
    void aFormThatBreaksOffIsNotEnded() {
        assertThat(read(FORM.substring(0, FORM.indexOf("whisper")), 50).isEnded())
                .isFalse();
    }
}
