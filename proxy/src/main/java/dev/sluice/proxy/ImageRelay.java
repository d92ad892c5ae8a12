package dev.sluice.proxy;

import dev.sluice.protocol.PathSegment;
import dev.sluice.protocol.Units;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.image.ImageAnswer;
import dev.sluice.protocol.image.ImageAnswer.Picture;
import dev.sluice.protocol.image.TaskState;
import dev.sluice.protocol.whole.WholeRead;
import dev.sluice.settings.ModelPolicy;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.upstreams.media.MediaRefusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Relays pictures of DashScope to a client that waits for them in one call. Where the model works on a task the gateway asks after it, at
 * growing intervals, until it is done, the deadline of the attempt passes or the client is gone; a task that nobody waits for any more is
 * cancelled.
 */
final class ImageRelay implements Relay {
    private static final String TASKS = "/api/v1/tasks/";
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    /** So many questions in a row may go unanswered. */
    private static final int MOST_MISSES = 5;

    private final Attempt attempt;
    private final HttpClientResponse first;
    private final Translation.OfImages translation;
    private final Vertx vertx;
    private long pause = FIRST_PAUSE_MILLIS;
    private long timer = -1;
    private int misses;
    private @Nullable String task;
    private @Nullable HttpClientRequest asking;
    private boolean ended;

    ImageRelay(Attempt attempt, HttpClientResponse first, Translation.OfImages translation, Vertx vertx) {
        this.attempt = attempt;
        this.first = first;
        this.translation = translation;
        this.vertx = vertx;
    }

    @Override
    public void start() {
        HeldAnswer.gather(attempt, first, document -> {
            attempt.received();
            told(document);
        });
    }

    @Override
    public void breakOff(Failure failure) {
        attempt.exchange().response.reset();
    }

    @Override
    public void letGo() {
        boolean unfinished = !ended;
        ended = true;
        if (timer >= 0) vertx.cancelTimer(timer);
        HttpClientRequest open = asking;
        asking = null;
        if (open != null) open.reset();
        String id = task;
        if (unfinished && id != null) attempt.furtherCalls().tell(path(id) + "/cancel", new byte[0]);
    }

    private static String path(String id) {
        return TASKS + PathSegment.encode(id);
    }

    private void told(byte[] document) {
        switch (DashScope.taskState(document)) {
            case TaskState.Open(String id) -> {
                task = id;
                askLater(id);
            }
            case TaskState.Done() -> done(document);
            case TaskState.Failed(UpstreamError error) -> fail(attempt.told(first, error));
            case TaskState.Malformed(String why) -> fail(malformed("gave an answer that is none: " + why));
        }
    }

    private void askLater(String id) {
        attempt.handover().letGo();
        timer = vertx.setTimer(pause, _ -> ask(id));
        pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
    }

    private void ask(String id) {
        timer = -1;
        attempt.furtherCalls().get(path(id)).onComplete(opened -> {
            if (ended) {
                if (opened.succeeded()) opened.result().reset();
            } else if (opened.failed()) {
                missed(id, "cannot be asked after a task: " + Causes.inPlainWords(opened.cause()));
            } else {
                HttpClientRequest request = opened.result();
                asking = request;
                request.exceptionHandler(_ -> {});
                request.send().onComplete(sent -> {
                    if (ended) return;
                    if (sent.succeeded()) answered(id, sent.result());
                    else missed(id, "does not tell of a task: " + Causes.inPlainWords(sent.cause()));
                });
            }
        });
    }

    private void answered(String id, HttpClientResponse answer) {
        int status = answer.statusCode();
        answer.exceptionHandler(cause -> {
            if (!ended) missed(id, "broke off what it tells of a task: " + Causes.inPlainWords(cause));
        });
        if (status == 200) {
            HeldAnswer.gather(attempt, answer, document -> {
                asking = null;
                misses = 0;
                told(document);
            });
        } else {
            missed(id, "tells of no task: status " + status);
        }
    }

    private void missed(String id, String why) {
        HttpClientRequest open = asking;
        asking = null;
        if (open != null) open.reset();
        if (++misses >= MOST_MISSES) fail(malformed(why));
        else askLater(id);
    }

    private void done(byte[] document) {
        task = null;
        switch (translation.call().read(List.of(document))) {
            case WholeRead.Read<ImageAnswer> read -> {
                if (!translation.call().request().wantsBytes()) {
                    pass(read.answer());
                    return;
                }
                fetched(read.answer()).onComplete(ready -> {
                    if (ended) return;
                    if (ready.succeeded()) pass(ready.result());
                    else fail(notFetched(ready.cause()));
                });
            }
            case WholeRead.Failed<ImageAnswer> failed -> fail(attempt.told(first, failed.error()));
            case WholeRead.Malformed<ImageAnswer> malformed ->
                fail(malformed("gave an answer that is none: " + malformed.why()));
        }
    }

    /** The pictures themselves, for a client that does not want to fetch them. */
    private Future<ImageAnswer> fetched(ImageAnswer answer) {
        ModelPolicy.RemoteMedia policy =
                attempt.target().service().spec().modelPolicy().remoteMedia();
        Set<String> urls = answer.pictures().stream()
                .map(Picture::url)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return attempt.media()
                .fetch(urls, policy)
                .map(byUrl -> new ImageAnswer(
                        answer.pictures().stream()
                                .map(picture -> fetched(picture, byUrl))
                                .toList(),
                        answer.usage()));
    }

    private static Picture fetched(Picture picture, Map<String, Media.Inline> byUrl) {
        Media.Inline inline = picture.url() == null ? null : byUrl.get(picture.url());
        return inline == null ? picture : new Picture(null, inline.base64(), picture.prompt());
    }

    private Failure notFetched(Throwable cause) {
        return switch (cause) {
            case Preparation.Refused refused -> refused.failure();
            case MediaRefusal refusal -> malformed("made a picture that cannot be fetched: " + refusal.reason());
            case InexpressibleException limit -> malformed("made pictures that cannot be fetched: " + limit.reason());
            default -> malformed("made a picture that cannot be fetched");
        };
    }

    private void pass(ImageAnswer answer) {
        byte[] json = translation.call().written(answer, translation.view());
        ended = true;
        attempt.exchange().reportedUsage = answer.usage();
        attempt.exchange().units = new Units(answer.pictures().size(), 0, 0, 0);
        attempt.handover().answer(first, json);
    }

    private void fail(Failure failure) {
        ended = true;
        attempt.fail(failure);
    }

    private Failure malformed(String why) {
        return attempt.blamed(FailureKind.UPSTREAM_MALFORMED, first, why);
    }
}
