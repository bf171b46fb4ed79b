"""TensorFlow itself, how functions are compiled with it, and how arrays get in.

This is the only module that imports TensorFlow, which takes seconds and some 600 MB. ``get_backend`` imports the
engine's modules on first use.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, DTypeLike


def _import_tensorflow() -> Any:
    """Import TensorFlow without its chatter."""
    # Its oneDNN kernels announce themselves at each start and may round differently; nothing here needs them.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # Where there is a GPU, do not take all of its memory merely because TensorFlow was imported.
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    import tensorflow  # noqa: PLC0415

    return tensorflow


tf: Final[Any] = _import_tensorflow()
"""TensorFlow, which ships no types: what it returns is checked where it leaves this module."""

Tensor = Any

_CPU: Final = "/CPU:0"


def compile_function(function: Callable[..., Any], *signature: Any) -> Any:
    """Compile a function of tensors; tensors of the signature's types and ranks, of any sizes, share one trace."""
    return tf.function(_on_cpu(function), input_signature=signature, autograph=False)


def compiled_by_xla(function: Callable[..., Any]) -> Any:
    """Compile a function of tensors by XLA, for each shape that it meets."""
    return tf.function(_on_cpu(function), jit_compile=True, autograph=False)


def _on_cpu(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def on_cpu(*tensors: Tensor) -> Any:
        with tf.device(_CPU):
            return function(*tensors)

    return on_cpu


def tensor(array: ArrayLike, dtype: DTypeLike) -> Tensor:
    """Copy an array to a tensor on the CPU."""
    with tf.device(_CPU):
        return tf.constant(np.asarray(array, dtype=dtype))
