package dev.sluice.app;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The signals that ask a process to end. The first one begins an orderly stop, as always; the JVM would ignore a second one.
 * The JDK tells of signals only through {@code sun.misc}, whose direct use does not compile without a warning.
 */
final class StopSignals {
    private StopSignals() {}

    /** @param hurry what to do when somebody asks again */
    static void onTheSecond(Runnable hurry) {
        AtomicBoolean asked = new AtomicBoolean();
        for (String name : List.of("INT", "TERM")) {
            try {
                handle(name, number -> {
                    // As the JVM's own handler does: it returns when all is closed.
                    if (asked.compareAndSet(false, true)) System.exit(128 + number);
                    else hurry.run();
                });
            } catch (ReflectiveOperationException _) {
                // This JVM was told to leave signals alone (-Xrs), or knows none: the first one still ends the process.
            }
        }
    }

    private static void handle(String name, java.util.function.IntConsumer handler)
            throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> listener = Class.forName("sun.misc.SignalHandler");
        Method number = signal.getMethod("getNumber");
        Object listening = Proxy.newProxyInstance(
                StopSignals.class.getClassLoader(), new Class<?>[] {listener}, (self, method, arguments) -> {
                    if (!method.getName().equals("handle")) return ofObject(self, method, arguments);
                    handler.accept((Integer) number.invoke(arguments[0]));
                    return null;
                });
        signal.getMethod("handle", signal, listener)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), listening);
    }

    @SuppressWarnings("ReferenceEquality") // a listener equals nothing but itself
    private static Object ofObject(Object self, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "the listener to a signal";
        };
    }
}
