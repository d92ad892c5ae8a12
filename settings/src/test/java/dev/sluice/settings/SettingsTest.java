package dev.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Settings.Dependent;
import dev.sluice.settings.SettingsDiff.Changed;
import dev.sluice.settings.binding.Problem;
import dev.sluice.settings.catalogue.Catalogue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

    private static Stored<Consumer> consumer(String id, String name, String... groups) {
        return new Stored<>(
                id,
                "default",
                1,
                Owner.API,
                THEN,
                THEN,
                new Consumer(name, "", true, List.of(groups), List.of(), "default"));
    }

    private static Stored<ConsumerGroup> group(String id, String name) {
        return new Stored<>(
                id,
                "default",
                1,
                Owner.API,
                THEN,
                THEN,
                new ConsumerGroup(name, "", true, List.of(), List.of(), "default"));
    }

    @Test
    void anEditLeavesTheFormerSettingsAsTheyWere() {
        Settings one = Settings.of(3, List.of(consumer("c1", "a")));
        Settings two = one.put(consumer("c2", "b"));
        Settings three = two.remove(Kind.CONSUMER, "default", "a");
        assertThat(one.all(Consumer.class)).extracting(Stored::id).containsExactly("c1");
        assertThat(two.all(Consumer.class)).extracting(Stored::id).containsExactly("c1", "c2");
        assertThat(three.all(Consumer.class)).extracting(Stored::id).containsExactly("c2");
        assertThat(three.revision()).isEqualTo(3);
        assertThat(three.remove(Kind.CONSUMER, "default", "zzz")).isSameAs(three);
        assertThat(three.putAll(List.of())).isSameAs(three);
        assertThat(three.findById(Kind.CONSUMER, "c2")).isPresent();
        assertThat(three.find(Kind.CONSUMER, "other", "b")).isEmpty();
    }

    @Test
    void anEditSharesTheKindsThatItDoesNotTouch() {
        Settings one = Settings.of(1, List.of(consumer("c1", "a"), group("g1", "g")));
        Settings two = one.put(group("g2", "h"));
        assertThat(two.byKey(Kind.CONSUMER)).isSameAs(one.byKey(Kind.CONSUMER));
        assertThat(two.find(Kind.CONSUMER_GROUP, "default", "g"))
                .containsSame(one.find(Kind.CONSUMER_GROUP, "default", "g").orElseThrow());
    }

    @Test
    void theDifferenceHoldsWhatWasAddedChangedAndRemoved() {
        Stored<Consumer> a = consumer("c1", "a");
        Settings before = Settings.of(1, List.of(a, consumer("c2", "b"), consumer("c3", "c"), group("g1", "g")));
        Stored<Consumer> changed = consumer("c2", "b", "g");
        Stored<Consumer> renamed = consumer("c3", "c-new");
        Settings after = before.put(changed)
                .remove(Kind.CONSUMER, "default", "c")
                .put(renamed)
                .remove(Kind.CONSUMER_GROUP, "default", "g")
                .put(consumer("c4", "d"))
                .put(consumer("c1", "a"));
        SettingsDiff diff = SettingsDiff.between(before, after);
        assertThat(diff.added()).extracting(Stored::id).containsExactly("c4");
        assertThat(diff.removed()).extracting(Stored::id).containsExactly("g1");
        assertThat(diff.changed())
                .containsExactlyInAnyOrder(
                        new Changed(consumer("c2", "b"), changed), new Changed(consumer("c3", "c"), renamed));
        assertThat(SettingsDiff.between(after, after).isEmpty()).isTrue();
        assertThat(SettingsDiff.between(before, before.withRevision(9)).isEmpty())
                .isTrue();
    }

    @Test
    void aResourceThatTakesTheNameOfAnotherIsAdded() {
        Settings before = Settings.of(1, List.of(consumer("c1", "a")));
        SettingsDiff diff = SettingsDiff.between(before, before.put(consumer("c2", "a")));
        assertThat(diff.added()).extracting(Stored::id).containsExactly("c2");
        assertThat(diff.removed()).extracting(Stored::id).containsExactly("c1");
    }

    @Test
    void dependentsAreFoundInTheSameTenantOnly() {
        Stored<Consumer> foreign = new Stored<>(
                "c9",
                "other",
                1,
                Owner.API,
                THEN,
                THEN,
                new Consumer("x", "", true, List.of("g"), List.of(), "default"));
        Settings settings =
                Settings.of(1, List.of(group("g1", "g"), consumer("c1", "a", "h", "g"), consumer("c2", "b"), foreign));
        assertThat(settings.dependents(Kind.CONSUMER_GROUP, "default", "g"))
                .containsExactly(new Dependent(Kind.CONSUMER, "c1", "a", "groups[1]"));
        assertThat(settings.dependents(Kind.SERVICE, "default", "g")).isEmpty();
    }

    @Test
    void theWholeCanBeChecked() {
        Settings settings = Settings.of(1, List.of(consumer("c1", "-a", "g")));
        assertThat(settings.check(Catalogue.load()))
                .extracting(Problem::text)
                .containsExactly(
                        "consumers[\"-a\"].name: \"-a\" starts with a separator (expected: a letter or digit)",
                        "consumers[\"-a\"].groups[0]: no consumer group \"g\"");
    }

    @Test
    void aHundredThousandKeysAreEditedCheckedAndComparedAsOne() {
        List<Stored<?>> many = new ArrayList<>();
        many.add(consumer("c", "shop"));
        for (int i = 0; i < 100_000; i++) many.add(key(i, "k" + i));
        Settings before = Settings.of(1, many);
        Settings after = before.put(key(100_000, "last")).remove(Kind.API_KEY, "default", "k0");
        assertThat(after.count(Kind.API_KEY)).isEqualTo(100_000);
        SettingsDiff diff = SettingsDiff.between(before, after);
        assertThat(diff.added()).hasSize(1);
        assertThat(diff.removed()).hasSize(1);
        assertThat(diff.changed()).isEmpty();
        assertThat(after.dependents(Kind.CONSUMER, "default", "shop")).hasSize(100_000);
        assertThat(after.check(Catalogue.load())).isEmpty();
    }

    private static Stored<ApiKey> key(int i, String name) {
        Credential credential = new Credential(new KeyHash(i, i, i, i), "…", null, null);
        ApiKey key = new ApiKey(
                name,
                "",
                "shop",
                null,
                true,
                null,
                List.of(),
                List.of(),
                List.of(),
                Limits.NONE,
                Quota.NONE,
                credential,
                "default");
        return new Stored<>("key_" + i, "default", 1, Owner.API, THEN, THEN, key);
    }
}
