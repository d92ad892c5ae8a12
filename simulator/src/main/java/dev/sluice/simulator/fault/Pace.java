package dev.sluice.simulator.fault;

/**
 * How fast an answer comes.
 *
 * @param latencyMillis wait before the head
 * @param firstTokenMillis wait before the first content, after the head and the opening events of a stream
 * @param tokensPerSecond rate of the content after the first; 0 for as fast as it goes
 * @param jitterMillis most that is added to each wait
 * @param seed makes another, equally repeatable jitter
 */
public record Pace(long latencyMillis, long firstTokenMillis, double tokensPerSecond, long jitterMillis, long seed) {
    public static final Pace NONE = new Pace(0, 0, 0, 0, 0);
}
