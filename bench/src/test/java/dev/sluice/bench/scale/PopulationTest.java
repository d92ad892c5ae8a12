package dev.sluice.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.load.Target;
import dev.sluice.settings.Declaration;
import dev.sluice.settings.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PopulationTest {
    @Test
    void declaresWhatTheGatewayUnderstands() {
        List<String> documents = new ArrayList<>(new Population(50, 15).declarations(9000));
        documents.add(Change.declaration(9001));

        Declaration declaration = parsed(documents);

        assertThat(declaration.problems()).isEmpty();
        assertThat(count(declaration, Kind.API_KEY)).isEqualTo(51);
        assertThat(count(declaration, Kind.MODEL_API)).isEqualTo(16);
        assertThat(count(declaration, Kind.CONSUMER)).isEqualTo(3);
    }

    @Test
    void drawsCallsOfEveryKeyAndModelApi() {
        Set<String> keys = new HashSet<>();
        Set<String> apis = new HashSet<>();
        for (Target target : new Population(6, 14).drawn(new Random(1), 9000, 500)) {
            keys.add(target.key());
            apis.add(target.host() + target.path());
        }

        assertThat(keys).hasSize(6);
        assertThat(apis).hasSize(14);
    }

    @Test
    void isAsSmallAsOneOfEach() {
        Population one = new Population(1, 1);

        assertThat(parsed(one.declarations(9000)).problems()).isEmpty();
        assertThat(new HashSet<>(one.drawn(new Random(1), 9000, 20))).hasSize(1);
    }

    private static Declaration parsed(List<String> documents) {
        List<Declaration.Document> files = new ArrayList<>();
        for (String text : documents) files.add(new Declaration.Document(files.size() + ".json", text));
        return Declaration.parse(files, _ -> null);
    }

    private static long count(Declaration declaration, Kind kind) {
        return declaration.resources().stream()
                .filter(declared -> Kind.of(declared.spec()) == kind)
                .count();
    }
}
