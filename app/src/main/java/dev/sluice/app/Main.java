package dev.sluice.app;

import dev.sluice.app.apply.ApplyClient;
import dev.sluice.app.apply.ExportClient;
import dev.sluice.app.apply.GatewayConnection;
import dev.sluice.app.cli.AdminAccess;
import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.CommandLine;
import dev.sluice.app.cli.Console;
import dev.sluice.app.cli.Doctor;
import dev.sluice.app.cli.GatewayOptions;
import dev.sluice.app.cli.HelpText;
import dev.sluice.app.cli.Parsed;
import dev.sluice.app.cli.Release;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The process: reads the command line and carries the command out. */
public final class Main {
    private static final int FAILED = 1;

    private Main() {}

    public static void main(String[] arguments) {
        Tuning.apply();
        Console console = Console.standard();
        Parsed parsed = CommandLine.parse(
                List.of(arguments), System.getenv(), Runtime.getRuntime().availableProcessors());
        int code = switch (parsed) {
            case Parsed.Refused refused -> {
                console.refuse(refused);
                yield Parsed.REFUSED_EXIT_CODE;
            }
            case Parsed.Accepted(Command command) -> carryOut(command, console);
        };
        if (code != 0) System.exit(code);
    }

    private static int carryOut(Command command, Console console) {
        return switch (command) {
            case Command.Run(GatewayOptions options) -> run(options, console);
            case Command.Demo(GatewayOptions options) -> Demo.run(options, console);
            case Command.WarmUp() -> WarmUp.run(console);
            case Command.Doctor(GatewayOptions options) -> Doctor.examine(options, console.out());
            case Command.Version() -> {
                console.out().println(Release.current());
                yield 0;
            }
            case Command.Help help -> {
                console.out().print(HelpText.of(help.topic()));
                yield 0;
            }
            case Command.Apply apply ->
                new ApplyClient(
                                connection(apply.admin()),
                                name -> Optional.ofNullable(System.getenv(name)),
                                console.out())
                        .apply(apply.file(), apply.dryRun(), apply.prune())
                        .code();
            case Command.Export export -> export(export, console);
        };
    }

    private static int run(GatewayOptions options, Console console) {
        Gateway gateway;
        try {
            gateway = Gateway.start(options, AccessLogs.open(options.accessLog()));
        } catch (StartException e) {
            console.problems("cannot start", e.problems());
            return FAILED;
        }
        announce(gateway, console);
        serve(gateway);
        return 0;
    }

    /** Says where the gateway is and, if it made one, the admin token; on the error stream, since the access log may be on the other. */
    static void announce(Gateway gateway, Console console) {
        console.err()
                .println(
                        "Sluice serves Model APIs on " + gateway.url() + " and the admin API on " + gateway.adminUrl());
        gateway.generatedToken()
                .ifPresent(token ->
                        console.err().println("admin token (made for this data folder, shown only now): " + token));
        gateway.issuedSecrets()
                .forEach(issued ->
                        console.err().println("API key " + issued.apiKey() + " (shown only now): " + issued.secret()));
        gateway.warnings().forEach(warning -> console.err().println("warning: " + warning));
    }

    /** Blocks until the process is told to stop, then drains. */
    static void serve(Gateway gateway) {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            gateway.close();
                            stopped.countDown();
                        },
                        "sluice-stop"));
        StopSignals.onTheSecond(gateway::hurry);
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static GatewayConnection connection(AdminAccess access) {
        var token = access.token();
        return new GatewayConnection(access.url(), token == null ? "" : token.value());
    }

    private static int export(Command.Export export, Console console) {
        if (export.file() == null) {
            return new ExportClient(connection(export.admin()), console.out(), console.err())
                    .export(false)
                    .code();
        }
        boolean json = export.file().toString().endsWith(".json");
        try (PrintStream file =
                new PrintStream(Files.newOutputStream(export.file()), false, java.nio.charset.StandardCharsets.UTF_8)) {
            return new ExportClient(connection(export.admin()), file, console.err())
                    .export(json)
                    .code();
        } catch (IOException e) {
            console.err().println("sluice: " + export.file() + " cannot be written: " + e.getMessage());
            return FAILED;
        }
    }
}
