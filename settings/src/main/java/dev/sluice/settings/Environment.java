package dev.sluice.settings;

import org.jspecify.annotations.Nullable;

/** Where {@code ${NAME}} and {@code env:NAME} are looked up; {@code System::getenv} in production. */
@FunctionalInterface
public interface Environment {
    /** The value of a variable; null when it is not set. */
    @Nullable
    String get(String name);
}
