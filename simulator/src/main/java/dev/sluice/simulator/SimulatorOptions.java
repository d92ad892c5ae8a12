package dev.sluice.simulator;

import dev.sluice.simulator.fault.Fault;
import java.util.List;

/**
 * How a simulator is set up.
 *
 * @param host address to listen on; a name or address of this machine
 * @param port 0 for any free one
 * @param eventLoops how many event loops share the work
 * @param models ids in the list of models; every other model is answered too
 * @param fault directives for every call, e.g. {@code ttft=200;tps=40} to look like a real provider; empty for none
 * @param journalCalls most calls in the journal; 0 to keep none
 * @param journalBytes most bytes of bodies in the journal
 * @param mostBodyBytes longer requests are refused with 413
 */
public record SimulatorOptions(
        String host,
        int port,
        int eventLoops,
        List<String> models,
        String fault,
        int journalCalls,
        long journalBytes,
        int mostBodyBytes) {
    public static final SimulatorOptions USUAL = new SimulatorOptions(
            "127.0.0.1",
            0,
            1,
            List.of(
                    "gpt-4o",
                    "gpt-4o-mini",
                    "o4-mini",
                    "qwen-plus",
                    "deepseek-chat",
                    "text-embedding-3-small",
                    "text-embedding-3-large"),
            "",
            1_000,
            64L << 20,
            64 << 20);

    public SimulatorOptions {
        models = List.copyOf(models);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0-65535)");
        }
        if (eventLoops < 1 || eventLoops > 1_024) {
            throw new IllegalArgumentException("eventLoops: " + eventLoops + " (expected: 1-1024)");
        }
        if (journalCalls < 0 || journalBytes < 0 || mostBodyBytes < 0) {
            throw new IllegalArgumentException("journalCalls, journalBytes, mostBodyBytes: " + journalCalls + ", "
                    + journalBytes + ", " + mostBodyBytes + " (expected: >= 0)");
        }
        Fault.parse(fault);
    }

    public SimulatorOptions withHost(String newHost) {
        return new SimulatorOptions(
                newHost, port, eventLoops, models, fault, journalCalls, journalBytes, mostBodyBytes);
    }

    public SimulatorOptions withPort(int newPort) {
        return new SimulatorOptions(
                host, newPort, eventLoops, models, fault, journalCalls, journalBytes, mostBodyBytes);
    }

    public SimulatorOptions withEventLoops(int number) {
        return new SimulatorOptions(host, port, number, models, fault, journalCalls, journalBytes, mostBodyBytes);
    }

    public SimulatorOptions withModels(List<String> newModels) {
        return new SimulatorOptions(
                host, port, eventLoops, newModels, fault, journalCalls, journalBytes, mostBodyBytes);
    }

    public SimulatorOptions withFault(String directives) {
        return new SimulatorOptions(
                host, port, eventLoops, models, directives, journalCalls, journalBytes, mostBodyBytes);
    }

    public SimulatorOptions withJournal(int calls, long bytes) {
        return new SimulatorOptions(host, port, eventLoops, models, fault, calls, bytes, mostBodyBytes);
    }
}
