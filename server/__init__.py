"""What runs around the app: configuration, access checks, job queue, logs, metrics, and patches to third-party code."""
