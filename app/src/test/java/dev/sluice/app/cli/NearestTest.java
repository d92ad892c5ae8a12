package dev.sluice.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void countsInsertedDroppedChangedAndSwappedLetters() {
        assertThat(Nearest.distance("port", "port")).isZero();
        assertThat(Nearest.distance("port", "prot")).isEqualTo(1);
        assertThat(Nearest.distance("port", "ports")).isEqualTo(1);
        assertThat(Nearest.distance("port", "pot")).isEqualTo(1);
        assertThat(Nearest.distance("port", "pert")).isEqualTo(1);
        assertThat(Nearest.distance("", "port")).isEqualTo(4);
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    }

    @Test
    void prefersTheClosestAndSaysNothingOfWordsFarAway() {
        assertThat(Nearest.to("--admin-prt", List.of("--port", "--admin-port", "--admin-url")))
                .hasValue("--admin-port");
        assertThat(Nearest.to("--redis", List.of("--port", "--store", "--host")))
                .isEmpty();
    }

    @Property
    void distanceIsSymmetricAndAtMostTheLongerWord(
            @ForAll @AlphaChars @StringLength(max = 12) String a,
            @ForAll @AlphaChars @StringLength(max = 12) String b) {
        int distance = Nearest.distance(a, b);
        assertThat(distance).isEqualTo(Nearest.distance(b, a)).isLessThanOrEqualTo(Math.max(a.length(), b.length()));
        assertThat(distance == 0).isEqualTo(a.equals(b));
    }
}
