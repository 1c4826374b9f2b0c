"""Events told to the marketplace's own servers, signed, with retries, a log and replay."""
