"""The TensorFlow engines. Importing a module of this package imports TensorFlow; ``get_backend`` does so on demand."""
