"""What runs around the app: configuration, access checks, job queue, logs, and metrics."""
