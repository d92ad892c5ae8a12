package dev.sluice.admin.resources;

import dev.sluice.settings.binding.Doc;

@Doc("Which service a Model API is taken off.")
record Unbinding(@Doc("Name of the service, typed again.") String confirmName) {}
