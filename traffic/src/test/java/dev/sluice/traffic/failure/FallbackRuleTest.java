package dev.sluice.traffic.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.settings.Fallback;
import dev.sluice.settings.FallbackCondition;
import dev.sluice.settings.catalogue.Provider.ErrorDialect;
import dev.sluice.traffic.Declared;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FallbackRuleTest {
    private static final Set<FailureKind> BY_DEFAULT = EnumSet.of(
            FailureKind.NO_USABLE_KEY,
            FailureKind.PROVIDER_AUTH,
            FailureKind.PROVIDER_PERMISSION,
            FailureKind.PROVIDER_RATE_LIMITED,
            FailureKind.PROVIDER_QUOTA,
            FailureKind.CONNECT,
            FailureKind.UPSTREAM_ERROR,
            FailureKind.UPSTREAM_OVERLOADED,
            FailureKind.UPSTREAM_MALFORMED,
            FailureKind.UPSTREAM_CUT,
            FailureKind.TIMEOUT,
            FailureKind.FIRST_PACKET_TIMEOUT,
            FailureKind.CIRCUIT_OPEN);

    private static final Set<FailureKind> NEVER = EnumSet.of(
            FailureKind.INVALID_REQUEST,
            FailureKind.UNAUTHENTICATED,
            FailureKind.PERMISSION_DENIED,
            FailureKind.ROUTE_NOT_FOUND,
            FailureKind.MODEL_NOT_FOUND,
            FailureKind.DEPLOYMENT_GONE,
            FailureKind.CONVERSATION_NOT_FOUND,
            FailureKind.METHOD_NOT_ALLOWED,
            FailureKind.REQUEST_TOO_LARGE,
            FailureKind.REQUEST_TIMEOUT,
            FailureKind.CLIENT_LEFT,
            FailureKind.RATE_LIMITED,
            FailureKind.QUOTA_EXHAUSTED,
            FailureKind.GATEWAY_DEFECT,
            FailureKind.OVERLOADED,
            FailureKind.ANSWER_TOO_LONG,
            FailureKind.TOTAL_TIMEOUT);

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void theDefaultCoversWhatAnotherServiceMayRepair(FailureKind kind) {
        assertThat(FallbackRule.covers(Declared.fallback(), Failure.of(kind, "x")))
                .isEqualTo(BY_DEFAULT.contains(kind));
    }

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void allConditionsTogetherStillLeaveTheCallersOwnMistakes(FailureKind kind) {
        Fallback all = new Fallback(Set.of(FallbackCondition.values()), List.of(), List.of());
        assertThat(FallbackRule.covers(all, Failure.of(kind, "x"))).isEqualTo(!NEVER.contains(kind));
    }

    @Test
    void furtherStatusCodesCount() {
        Fallback on499 = new Fallback(Set.of(), List.of(499), List.of());
        assertThat(FallbackRule.covers(on499, upstream(499))).isTrue();
        assertThat(FallbackRule.covers(on499, upstream(498))).isFalse();
        assertThat(FallbackRule.covers(on499, upstream(500))).isFalse();
        // Nobody is there to be served any more.
        assertThat(FallbackRule.covers(on499, Failure.of(FailureKind.CLIENT_LEFT, "left")))
                .isFalse();
    }

    @Test
    void any4xxMeansAllOfThem() {
        Fallback any = new Fallback(Set.of(FallbackCondition.ANY_4XX), List.of(), List.of());
        for (int status : new int[] {400, 401, 402, 403, 404, 405, 408, 409, 413, 422, 429, 499}) {
            assertThat(FallbackRule.covers(any, upstream(status)))
                    .as("status %d", status)
                    .isTrue();
        }
        assertThat(FallbackRule.covers(any, upstream(500))).isFalse();
        assertThat(FallbackRule.covers(any, Failure.of(FailureKind.CONNECT, "refused")))
                .isFalse();
        UpstreamError filtered = new UpstreamError("", "content_filter", null, null);
        assertThat(FallbackRule.covers(any, Classifier.classify(ErrorDialect.WORDS, 400, filtered, -1)))
                .isTrue();
        assertThat(FallbackRule.covers(any, Classifier.classify(ErrorDialect.WORDS, 200, filtered, -1)))
                .isTrue();
    }

    @Test
    void aPromptThatIsTooLongGoesToALongContextStepOnRequest() {
        Failure tooLong = Classifier.classify(
                ErrorDialect.WORDS, 400, new UpstreamError("", "context_length_exceeded", null, null), -1);
        assertThat(FallbackRule.covers(Declared.fallback(), tooLong)).isFalse();
        assertThat(FallbackRule.covers(
                        new Fallback(Set.of(FallbackCondition.CONTEXT_LENGTH), List.of(), List.of()), tooLong))
                .isTrue();
    }

    private static Failure upstream(int status) {
        return Classifier.classify(ErrorDialect.WORDS, status, UpstreamError.NONE, -1);
    }
}
