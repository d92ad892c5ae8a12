package dev.sluice.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Declaration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayTest {
    @Test
    void declaresWhatTheGatewayUnderstands() {
        Declaration.Document file = new Declaration.Document("gateway.yaml", Gateway.configuration(9000));

        Declaration declaration = Declaration.parse(List.of(file), _ -> null);

        assertThat(declaration.problems()).isEmpty();
        assertThat(declaration.resources()).hasSize(10);
    }
}
