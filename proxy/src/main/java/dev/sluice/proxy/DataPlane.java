package dev.sluice.proxy;

import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.affinity.IdSeal;
import dev.sluice.traffic.health.Circuits;
import dev.sluice.traffic.health.KeyPool;
import dev.sluice.traffic.health.NodePicker;
import dev.sluice.traffic.health.RetryBudgets;
import dev.sluice.traffic.limits.Limiter;
import dev.sluice.traffic.usage.JobMemory;
import dev.sluice.traffic.usage.Tokenizer;
import dev.sluice.traffic.usage.UsageLedger;
import dev.sluice.upstreams.credential.IdentityEndpoint;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What all event loops share.
 *
 * @param snapshot the settings in force; read once per call
 * @param clock wall clock: what the records say and what is signed
 * @param steady time that only passes, whatever the wall clock is set to: what lasts and rests
 * @param random safe for all event loops
 * @param offLoop runs what is too long for an event loop (estimating tokens)
 * @param ids writes into ids of what providers keep where it is kept
 * @param jobs batches and tasks that have begun and been charged
 * @param load counts calls and bytes in flight
 * @param refusals counts requests that are refused for their form
 * @param offLimits addresses where no call may go, whatever settings say
 * @param identity where keys that are managed identities get tokens; null where keys may not be
 */
public record DataPlane(
        Supplier<Snapshot> snapshot,
        Limiter limiter,
        KeyPool keys,
        NodePicker nodes,
        Circuits circuits,
        RetryBudgets retryBudgets,
        UsageLedger ledger,
        Tokenizer tokenizer,
        InstantSource clock,
        InstantSource steady,
        RandomGenerator random,
        OffLoop offLoop,
        IdSeal ids,
        JobMemory jobs,
        Load load,
        Refusals refusals,
        Predicate<InetAddress> offLimits,
        @Nullable IdentityEndpoint identity) {}
