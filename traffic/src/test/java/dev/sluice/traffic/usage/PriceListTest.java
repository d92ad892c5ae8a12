package dev.sluice.traffic.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.settings.Price;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Prices;
import dev.sluice.traffic.Declared;
import dev.sluice.traffic.usage.PriceList.Cost;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PriceListTest {
    private static final long NOW = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
    private static final Usage MILLION_IN = Usage.of(1_000_000, 0);

    @Test
    void aBatchPaysItsPartOfEveryPrice() {
        Price price = new Price(
                "p",
                "m",
                0,
                new BigDecimal("3"),
                null,
                null,
                BigDecimal.ONE,
                null,
                null,
                null,
                new BigDecimal("0.5"),
                "USD",
                null);
        assertThat(PriceList.costOfBatch(
                        Prices.of(List.of(price)), service("p"), "m", Usage.of(1_001, 10), Units.NONE, NOW))
                .as("half of 3 × 1,001 + 10, rounded half up")
                .isEqualTo(new PriceList.Cost(1_507, "USD"));
        assertThat(cost(List.of(price), "p", "m", Usage.of(1_001, 10), Units.NONE, NOW))
                .isEqualTo(new PriceList.Cost(3_013, "USD"));
        assertThat(PriceList.costOfBatch(Prices.NONE, service("p"), "m", Usage.of(1, 1), Units.NONE, NOW))
                .isEqualTo(PriceList.Cost.UNKNOWN);
    }

    @Test
    void chargesInputCachedInputAndOutput() {
        Price price = new Price(
                "openai",
                "gpt-4o",
                0,
                new BigDecimal("2.50"),
                new BigDecimal("1.25"),
                null,
                new BigDecimal("10.00"),
                null,
                null,
                null,
                BigDecimal.ONE,
                "USD",
                null);
        Usage usage = new Usage(1_000, 400, 0, 500, 100);
        // 600 × 2.5 + 400 × 1.25 + 500 × 10
        assertThat(cost(List.of(price), "openai", "gpt-4o", usage, Units.NONE, NOW))
                .isEqualTo(new Cost(7_000, "USD"));
    }

    @Test
    void cachedInputCostsAsMuchAsAnyUnlessSaidOtherwise() {
        assertThat(cost(
                        List.of(price("openai", "gpt-4o", "3")),
                        "openai",
                        "gpt-4o",
                        new Usage(10, 10, 0, 0, 0),
                        Units.NONE,
                        NOW))
                .isEqualTo(new Cost(30, "USD"));
    }

    @Test
    void theMostSpecificPriceHoldsWhateverTheOrder() {
        List<Price> prices = new ArrayList<>(List.of(
                price("*", "*", "1"),
                price("*", "gpt-4o", "2"),
                price("openai", "*", "3"),
                price("openai", "gpt-*", "4"),
                price("openai", "gpt-4o*", "5"),
                price("openai", "gpt-4o", "6")));
        for (int i = 0; i < 10; i++) {
            Collections.shuffle(prices, new Random(i));
            assertThat(micros(prices, "openai", "gpt-4o")).isEqualTo(6_000_000);
            assertThat(micros(prices, "openai", "gpt-4o-mini")).isEqualTo(5_000_000);
            assertThat(micros(prices, "openai", "gpt-3.5")).isEqualTo(4_000_000);
            assertThat(micros(prices, "openai", "o3")).isEqualTo(3_000_000);
            assertThat(micros(prices, "azure", "gpt-4o")).isEqualTo(2_000_000);
            assertThat(micros(prices, "azure", "o3")).isEqualTo(1_000_000);
        }
    }

    @Test
    void theNewestPriceThatHoldsIsTaken() {
        List<Price> prices = List.of(
                price("openai", "gpt-4o", "1", null),
                price("openai", "gpt-4o", "2", "2026-01-01T00:00:00Z"),
                price("openai", "gpt-4o", "3", "2026-11-20T12:00:00Z"),
                price("openai", "gpt-4o", "4", "2026-11-20T12:00:00.001Z"));
        assertThat(micros(prices, "openai", "gpt-4o")).isEqualTo(3_000_000);
        assertThat(cost(prices, "openai", "gpt-4o", MILLION_IN, Units.NONE, 0).micros())
                .isEqualTo(1_000_000);
    }

    @Test
    void aSpecificPriceOfTheFutureLeavesTheGeneralOneInForce() {
        List<Price> prices = List.of(price("*", "*", "1"), price("openai", "gpt-4o", "9", "2027-01-01T00:00:00Z"));
        assertThat(micros(prices, "openai", "gpt-4o")).isEqualTo(1_000_000);
    }

    @Test
    void withoutAPriceTheCostIsUnknown() {
        assertThat(cost(List.of(price("openai", "gpt-4o", "1")), "openai", "gpt-5", MILLION_IN, Units.NONE, NOW))
                .isEqualTo(Cost.UNKNOWN);
        assertThat(cost(List.of(), "openai", "gpt-5", MILLION_IN, Units.NONE, NOW))
                .isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void whatIsWrittenToTheCacheHasAPriceOfItsOwn() {
        Price price = new Price(
                "anthropic",
                "m",
                0,
                new BigDecimal("3"),
                new BigDecimal("0.3"),
                new BigDecimal("3.75"),
                new BigDecimal("15"),
                null,
                null,
                null,
                BigDecimal.ONE,
                "USD",
                null);
        // 100 plain, 200 read from the cache, 400 written to it, 10 out
        Usage usage = new Usage(700, 200, 400, 10, 0);
        assertThat(cost(List.of(price), "anthropic", "m", usage, Units.NONE, NOW))
                .isEqualTo(new Cost(300 + 60 + 1_500 + 150, "USD"));
        assertThat(cost(List.of(price("*", "*", "3")), "anthropic", "m", usage, Units.NONE, NOW)
                        .micros())
                .isEqualTo(2_100 + 10);
    }

    @Test
    void roundsHalfUpOnceAtTheEnd() {
        List<Price> prices = List.of(new Price(
                "openai",
                "m",
                0,
                new BigDecimal("0.25"),
                new BigDecimal("0.1"),
                null,
                new BigDecimal("0.15"),
                null,
                null,
                null,
                BigDecimal.ONE,
                "USD",
                null));
        // 0.25 + 0.1 + 0.15 = 0.5: each part alone would round to nothing.
        assertThat(cost(prices, "openai", "m", new Usage(2, 1, 0, 1, 0), Units.NONE, NOW)
                        .micros())
                .isOne();
        assertThat(cost(prices, "openai", "m", new Usage(1, 0, 0, 1, 0), Units.NONE, NOW)
                        .micros())
                .isZero();
    }

    @Test
    void chargesImagesSecondsAndCharacters() {
        Price price = new Price(
                "p",
                "m",
                0,
                BigDecimal.ONE,
                null,
                null,
                BigDecimal.ZERO,
                new BigDecimal("0.04"),
                new BigDecimal("0.0001"),
                new BigDecimal("15"),
                BigDecimal.ONE,
                "USD",
                null);
        // 3 × 0.04, 90.5 s and 8 s at 0.0001, 200 characters at 15 per million, 7 tokens
        Units units = new Units(3, 90_500, 200, 8_000);
        assertThat(cost(List.of(price), "p", "m", Usage.of(7, 9), units, NOW))
                .isEqualTo(new Cost(120_000 + 9_850 + 3_000 + 7, "USD"));
    }

    @Test
    void whatHasNoPriceOfItsOwnIsFree() {
        Units units = new Units(3, 90_500, 200, 8_000);
        assertThat(cost(List.of(price("p", "m", "1")), "p", "m", Usage.ZERO, units, NOW))
                .isEqualTo(new Cost(0, "USD"));
    }

    @Test
    void absurdUsageDoesNotOverflow() {
        assertThat(cost(
                                List.of(price("*", "*", "1000000")),
                                "x",
                                "y",
                                Usage.of(Long.MAX_VALUE, Long.MAX_VALUE),
                                Units.NONE,
                                NOW)
                        .micros())
                .isEqualTo(Long.MAX_VALUE);
        assertThat(cost(List.of(price("*", "*", "1")), "x", "y", new Usage(5, 99, 0, -7, 0), Units.NONE, NOW)
                        .micros())
                .isEqualTo(5);
    }

    @Property
    void agreesWithSchoolArithmetic(
            @ForAll @LongRange(max = 10_000_000) long input,
            @ForAll @LongRange(max = 10_000_000) long cached,
            @ForAll @LongRange(max = 10_000_000) long output) {
        Price price = new Price(
                "p",
                "m",
                0,
                new BigDecimal("0.137"),
                new BigDecimal("0.0271"),
                null,
                new BigDecimal("1.999"),
                null,
                null,
                null,
                BigDecimal.ONE,
                "EUR",
                null);
        long cachedPart = Math.min(input, cached);
        long expected = BigDecimal.valueOf((input - cachedPart) * 1370 + cachedPart * 271 + output * 19_990, 4)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
        assertThat(cost(List.of(price), "p", "m", new Usage(input, cached, 0, output, 0), Units.NONE, NOW))
                .isEqualTo(new Cost(expected, "EUR"));
    }

    @Test
    void whatIsKnownHoldsWhereNothingIsDeclared() {
        List<Price> known = List.of(price("openai", "gpt-5", "7"), price("openai", "gpt-5*", "8"));
        assertThat(cost(List.of(), known, "gpt-5")).isEqualTo(new Cost(7_000_000, "USD"));
        assertThat(cost(List.of(), known, "gpt-5-mini")).isEqualTo(new Cost(8_000_000, "USD"));
        assertThat(cost(List.of(), known, "o3")).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void anyDeclaredPriceHoldsBeforeWhatIsKnown() {
        List<Price> known = List.of(price("openai", "gpt-5", "7", "2026-09-23T00:00:00Z"));
        for (Price declared : List.of(
                price("openai", "gpt-5", "1"),
                price("openai", "gpt-*", "1"),
                price("openai", "*", "1"),
                price("*", "gpt-5", "1"),
                price("*", "*", "1"))) {
            assertThat(cost(List.of(declared), known, "gpt-5").micros())
                    .as(declared.name())
                    .isEqualTo(1_000_000);
        }
        for (Price other : List.of(
                price("anthropic", "*", "1"),
                price("openai", "o*", "1"),
                price("openai", "gpt-5", "1", "2027-01-01T00:00:00Z"))) {
            assertThat(cost(List.of(other), known, "gpt-5").micros())
                    .as(other.name())
                    .isEqualTo(7_000_000);
        }
    }

    @Test
    void aDeclaredPriceOfNothingSwitchesOffWhatIsKnown() {
        List<Price> known = List.of(price("openai", "gpt-5", "7"));
        assertThat(cost(List.of(price("*", "*", "0")), known, "gpt-5").micros()).isZero();
    }

    @Test
    void whatIsKnownHasADay() {
        List<Price> known = List.of(
                price("openai", "gpt-5", "1", "2026-09-23T00:00:00Z"),
                price("openai", "gpt-5", "2", "2027-01-01T00:00:00Z"));
        assertThat(cost(List.of(), known, "gpt-5").micros()).isEqualTo(1_000_000);
        assertThat(PriceList.cost(
                                Prices.NONE,
                                Declared.service("openai", known),
                                "gpt-5",
                                MILLION_IN,
                                Units.NONE,
                                Instant.parse("2027-01-01T00:00:00Z").toEpochMilli())
                        .micros())
                .isEqualTo(2_000_000);
    }

    @Test
    void aLongCallPaysTheTierThatItsInputIsAbove() {
        List<Price> prices = new ArrayList<>(
                List.of(price("p", "m", "1"), tier("p", "m", 200_000, "2", null), tier("p", "m", 400_000, "3", null)));
        for (int i = 0; i < 6; i++) {
            Collections.shuffle(prices, new Random(i));
            assertThat(ofInput(prices, 200_000)).isEqualTo(200_000);
            assertThat(ofInput(prices, 200_001)).isEqualTo(2 * 200_001);
            assertThat(ofInput(prices, 400_001)).isEqualTo(3 * 400_001);
        }
        assertThat(PriceList.costOfBatch(Prices.of(prices), service("p"), "m", Usage.of(900_000, 0), Units.NONE, NOW)
                        .micros())
                .as("a batch of many calls")
                .isEqualTo(900_000);
    }

    @Test
    void aNewerPriceEndsTheTiersOfTheOneBefore() {
        String lately = "2026-11-01T00:00:00Z";
        List<Price> prices = List.of(
                price("p", "m", "1"),
                tier("p", "m", 200_000, "2", null),
                tier("p", "m", 400_000, "3", null),
                price("p", "m", "4", lately),
                tier("p", "m", 400_000, "5", lately));
        assertThat(ofInput(prices, 300_000)).isEqualTo(4 * 300_000);
        assertThat(ofInput(prices, 400_001)).isEqualTo(5 * 400_001);
    }

    @Test
    void aTierOfLessIsNoReasonToLeaveTheModelsOwnPrice() {
        List<Price> prices =
                List.of(price("p", "m", "1"), tier("p", "*", 10, "2", null), tier("*", "m", 10, "3", null));
        assertThat(ofInput(prices, 1_000)).isEqualTo(1_000);
    }

    private static long ofInput(List<Price> prices, long tokens) {
        return cost(prices, "p", "m", Usage.of(tokens, 0), Units.NONE, NOW).micros();
    }

    private static Cost cost(List<Price> declared, List<Price> known, String model) {
        return PriceList.cost(
                Prices.of(declared), Declared.service("openai", known), model, MILLION_IN, Units.NONE, NOW);
    }

    private static Cost cost(
            List<Price> declared, String provider, String model, Usage usage, Units units, long atMillis) {
        return PriceList.cost(Prices.of(declared), service(provider), model, usage, units, atMillis);
    }

    private static BoundService service(String provider) {
        return Declared.service(provider, List.of());
    }

    private static long micros(List<Price> prices, String provider, String model) {
        return cost(prices, provider, model, MILLION_IN, Units.NONE, NOW).micros();
    }

    private static Price price(String provider, String model, String perMillion) {
        return price(provider, model, perMillion, null);
    }

    private static Price price(String provider, String model, String perMillion, String validFrom) {
        return tier(provider, model, 0, perMillion, validFrom);
    }

    private static Price tier(String provider, String model, long above, String perMillion, String validFrom) {
        return new Price(
                provider,
                model,
                above,
                new BigDecimal(perMillion),
                null,
                null,
                BigDecimal.ONE,
                null,
                null,
                null,
                BigDecimal.ONE,
                "USD",
                validFrom == null ? null : Instant.parse(validFrom));
    }
}
