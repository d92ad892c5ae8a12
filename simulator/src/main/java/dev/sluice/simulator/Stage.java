package dev.sluice.simulator;

import dev.sluice.simulator.fault.Fault;
import dev.sluice.simulator.fault.FaultSyntaxException;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Voice;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Receives the calls: collects the body, finds the voice and the fault, makes the plan, starts its performance, keeps the books. */
final class Stage implements Performance.Audience {
    /** The request header that asks for a fault. */
    static final String FAULT_HEADER = "x-simulate";

    private static final System.Logger LOG = System.getLogger(Stage.class.getName());
    private static final AttributeKey<Long> CONNECTION = AttributeKey.valueOf(Stage.class, "connection");

    private final Vertx vertx;
    private final WireFormats formats;
    private final Repertoire repertoire = new Repertoire();
    private final Rules rules;
    private final Journal journal;
    private final Totals totals;
    private final Control control;
    private final String usualFault;
    private final int mostBodyBytes;
    private final AtomicLong lastCall = new AtomicLong();
    private final AtomicLong lastConnection = new AtomicLong();
    private final Set<Performance> onStage = ConcurrentHashMap.newKeySet();

    Stage(Vertx vertx, SimulatorOptions options, Rules rules, Journal journal, Totals totals) {
        this.vertx = vertx;
        this.formats = new WireFormats(options.models());
        this.rules = rules;
        this.journal = journal;
        this.totals = totals;
        this.control = new Control(rules, journal, totals);
        this.usualFault = options.fault();
        this.mostBodyBytes = options.mostBodyBytes();
    }

    void receive(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() > mostBodyBytes) {
                request.handler(_ -> {});
                request.endHandler(_ -> {});
                request.response()
                        .setStatusCode(413)
                        .putHeader("connection", "close")
                        .end();
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(_ -> answer(request, body.getBytes()));
        // A client that leaves during its request has made no call.
        request.exceptionHandler(_ -> {});
    }

    private void answer(HttpServerRequest request, byte[] body) {
        String path = request.path() == null ? "" : request.path();
        if (path.startsWith(Control.PREFIX)) {
            control.answer(request, path, body);
            return;
        }
        String method = request.method().name();
        RequestCues cues = new RequestCues(request);
        Voice voice = formats.at(method, path, cues);
        Repertoire.Piece piece = repertoire.find(voice, method, path, cues.named(voice.cues()), body);
        String model = piece.heard().model();
        String rule = rules.isEmpty() ? "" : rules.take(model, path, cues.apiKey());
        String fault = fault(rule, piece.fault(), header(request));
        Plan plan = plan(piece, fault);
        LiveCall call = new LiveCall(
                lastCall.incrementAndGet(),
                connection(request),
                method,
                path,
                request.query() == null ? "" : request.query(),
                request.headers(),
                body,
                model,
                fault);
        call.costs(plan.usage());
        totals.arrived(call);
        Performance performance = new Performance(vertx, request, plan, call, this);
        onStage.add(performance);
        journal.add(call);
        performance.start();
    }

    private Plan plan(Repertoire.Piece piece, String fault) {
        try {
            return repertoire.plan(piece, fault);
        } catch (FaultSyntaxException wrong) {
            return refusal(
                    piece, new Complaint(400, wrong.getMessage(), "invalid_request_error", "invalid_fault", null));
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, "no answer for " + piece.heard().path(), bug);
            return refusal(
                    piece,
                    new Complaint(500, "The simulator has a bug: " + bug, "server_error", "simulator_bug", null));
        }
    }

    private static Plan refusal(Repertoire.Piece piece, Complaint complaint) {
        return Staging.plan(piece.voice(), piece.heard(), Fault.refusing(complaint));
    }

    /** All directives that concern a call; the later ones win. */
    private String fault(String... sources) {
        String all = usualFault;
        for (String source : sources) {
            if (!source.isEmpty()) {
                all = all.isEmpty() ? source : all + ";" + source;
            }
        }
        return all;
    }

    private static String header(HttpServerRequest request) {
        String only = request.getHeader(FAULT_HEADER);
        return only == null ? "" : String.join(";", request.headers().getAll(FAULT_HEADER));
    }

    private long connection(HttpServerRequest request) {
        Attribute<Long> number =
                ((ConnectionBase) request.connection()).channel().attr(CONNECTION);
        Long known = number.get();
        if (known == null) {
            known = lastConnection.incrementAndGet();
            number.set(known);
        }
        return known;
    }

    @Override
    public void progressed(LiveCall call) {
        journal.changed(call);
    }

    @Override
    public void ended(Performance performance, LiveCall call, Outcome outcome) {
        onStage.remove(performance);
        call.ended(outcome);
        totals.ended(call);
        journal.changed(call);
    }

    /** Calls being answered now. */
    int openCalls() {
        return onStage.size();
    }

    int openTimers() {
        return (int) onStage.stream().filter(Performance::isWaiting).count();
    }

    /** Marks all open calls as broken off by the simulator, before their connections go. */
    void interruptAll() {
        onStage.forEach(Performance::interrupt);
    }
}
