package dev.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RosterTest {
    @Test
    void holdsWhatAMapWouldAfterManyEdits() {
        Random random = new Random(7);
        Map<Settings.Key, Stored<?>> expected = new LinkedHashMap<>();
        Roster roster = Roster.EMPTY;
        for (int i = 0; i < 400; i++) {
            List<Stored<?>> some = new ArrayList<>();
            for (int j = 0; j < 1 + random.nextInt(20); j++) some.add(consumer("c" + random.nextInt(1500), i));
            if (random.nextInt(3) == 0) {
                some.forEach(stored -> expected.remove(Settings.Key.of(stored)));
                roster = roster.without(some);
            } else {
                some.forEach(stored -> expected.put(Settings.Key.of(stored), stored));
                roster = roster.with(some);
            }
        }

        assertThat(roster).isEqualTo(expected).hasSameSizeAs(expected);
        assertThat(roster.values()).containsExactlyElementsOf(expected.values());
        for (int i = 0; i < 1500; i++) {
            Settings.Key key = new Settings.Key("default", "c" + i);
            assertThat(roster.get(key)).isSameAs(expected.get(key));
        }
    }

    @Test
    void anEditLeavesTheOldOneAsItWas() {
        Roster before = Roster.EMPTY.with(consumers(1000));
        Roster after =
                before.with(List.of(consumer("c500", 9))).without(List.of(consumer("c0", 0), consumer("c999", 0)));

        assertThat(before).hasSize(1000);
        assertThat(before.get(new Settings.Key("default", "c500")))
                .extracting(Stored::version)
                .isEqualTo(1L);
        assertThat(after).hasSize(998);
        assertThat(after.get(new Settings.Key("default", "c500")))
                .extracting(Stored::version)
                .isEqualTo(9L);
    }

    @Test
    void differsOnlyInThePageThatWasEdited() {
        Roster before = Roster.EMPTY.with(consumers(5000));
        Roster after = before.with(List.of(consumer("c2600", 2)));

        assertThat(after.apartFrom(before)).hasSizeLessThan(300).contains(consumer("c2600", 2));
        assertThat(before.apartFrom(after)).hasSizeLessThan(300).contains(consumer("c2600", 1));
        assertThat(after.apartFrom(after)).isEmpty();
    }

    @Test
    void givesBackTheRoomOfWhatIsGone() {
        List<Stored<?>> all = consumers(10_000);
        Roster roster = Roster.EMPTY.with(all).without(all.subList(10, 10_000));

        assertThat(roster.values()).containsExactlyElementsOf(all.subList(0, 10));
        assertThat(roster.apartFrom(Roster.EMPTY)).hasSize(10);
    }

    private static List<Stored<?>> consumers(int count) {
        List<Stored<?>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) all.add(consumer("c" + i, 1));
        return all;
    }

    private static Stored<?> consumer(String name, long version) {
        return new Stored<>(
                "csm_" + name,
                "default",
                version,
                Owner.API,
                Instant.EPOCH,
                Instant.EPOCH,
                new Consumer(name, "", true, List.of(), List.of(), "default"));
    }
}
