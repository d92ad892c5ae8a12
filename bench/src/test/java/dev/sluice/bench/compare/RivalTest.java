package dev.sluice.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RivalTest {
    @Test
    void readsTheVersionOfHaProxy() {
        assertThat(HaProxy.version("HAProxy version 2.6.12-1+deb12u3 2025/10/03 - https://haproxy.org/"))
                .isEqualTo("2.6.12-1+deb12u3");
        assertThat(HaProxy.version("no such program")).isEqualTo("program");
        assertThat(HaProxy.version("?")).isEqualTo("?");
    }

    @Test
    void readsTheVersionOfAnNpmPackage() {
        assertThat(Portkey.version("{\n  \"name\": \"@portkey-ai/gateway\",\n  \"version\": \"1.12.0\"\n}"))
                .isEqualTo("1.12.0");
        assertThat(Portkey.version("{}")).isEqualTo("?");
    }

    @Test
    void leavesOutWhatNpmHasNotInstalled(@TempDir Path folder) throws IOException, InterruptedException {
        Rival.Site site = new Rival.Site(folder, folder.resolve("packages"), 9000, 9001);

        assertThat(Rival.PORTKEY.setUp(site)).isInstanceOf(Rival.SetUp.Missing.class);
        assertThat(Files.list(folder)).isEmpty();
    }

    @Test
    void asksOfEveryRivalOnlyShapesThatNginxHasToo() {
        for (Rival rival : Rival.values()) {
            assertThat(rival.shapes()).isSubsetOf(Rival.NGINX.shapes()).contains(Shape.SATURATED);
        }
    }
}
