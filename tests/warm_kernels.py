"""Kernels forked from a process that has imported the libraries of the notebooks: that takes each over a second."""

import gc
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parent.parent)
LIBRARIES = [
    "tests.early",
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completer",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "sqlite3",
    "matplotlib.backends.backend_svg",
    "matplotlib.figure",
    "pandas",
    "PIL.PngImagePlugin",
    "regex",
    "scipy.optimize",
    "sklearn.decomposition",
    "tqdm",
]  # not helpers or contrast: a notebook has to find them itself


def start_warm(monkeypatch) -> None:
    """Have jupyter_client fork kernels, which else are as it starts them; other systems than Linux go on as ever."""
    if sys.platform == "linux":
        monkeypatch.setattr("jupyter_client.provisioning.local_provisioner.launch_kernel", Kernel)


class Kernel:
    """A forked kernel, with what jupyter_client asks of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, command, *, env, cwd=None, stderr=None, **_):
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(LIBRARIES)
        is_ready, tell = context.Pipe(duplex=False)
        options, is_silent = command[command.index("-f") :], stderr == subprocess.DEVNULL
        told = (tell, options, env, cwd or os.curdir, is_silent)
        self._process = context.Process(target=_serve, args=told, daemon=True)
        self._process.start()
        tell.close()
        is_ready.recv()  # from now on a signal to its group reaches it alone
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def _serve(tell, options, environment, folder, is_silent):
    """Make of a fork what a process is that has just been started, but for its seed of hashes; run a kernel in it."""
    from multiprocessing import forkserver

    import matplotlib
    import numpy as np
    from ipykernel.kernelapp import launch_new_instance

    os.setsid()
    if (alive := getattr(forkserver._forkserver, "_forkserver_alive_fd", None)) is not None:
        os.close(alive)  # else each would keep the other alive
    tell.send(True)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    own = {ROOT, str(Path(ROOT, "tests"))}
    sys.path[:] = environment.get("PYTHONPATH", "").split(os.pathsep) + [path for path in sys.path if path not in own]
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    np.random.seed()
    gc.freeze()  # what is shared with the others is neither searched nor written to
    matplotlib.rcParams["backend"] = environment.get("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    if is_silent:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    launch_new_instance(argv=[*options, f"--IPKernelApp.parent_handle={os.getppid()}"])
