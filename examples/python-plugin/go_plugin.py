"""A plugin's side of HashiCorp's go-plugin protocol over gRPC, with what Optimus asks for: copy it as it is.

The host starts the program with a cookie in its environment. The program opens a socket, prints one line that says where
it is, and then serves: its own services, and four by which the host watches it, hears it and ends it.
"""

import json
import logging
import os
import queue
import secrets
import signal
import sys
import tempfile
import threading
from concurrent import futures
from datetime import datetime, timezone

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from plugin import grpc_controller_pb2, grpc_controller_pb2_grpc, grpc_stdio_pb2, grpc_stdio_pb2_grpc

COOKIE = ("OP_PLUGIN_MAGIC_COOKIE", "ksxR4BqCT81whVF2dVEUpYZXwM3pazSkP4IbVc6f2Kns57ypp2c0z0GzQNMdHSUk")

CORE_PROTOCOL = 1
APP_PROTOCOL = 1

# Of a plugin that prints while nobody listens, what is beyond this is dropped: it must never wait.
MOST_CHUNKS = 1000

# Calls at once. The stream of what is printed holds one of them for ever.
WORKERS = 16


def serve(name, register):
    """Serves until the host ends the plugin. `register(server)` adds the plugin's services and returns their names."""
    _refuse_strangers()
    output = _Output()
    real_stdout, sys.stdout = sys.stdout, output
    _log_to_host(name)
    ended = threading.Event()
    _listen_to_signals(ended)
    server, address = _start(register, output, ended)
    # The one line that a host reads; before it, nothing may be printed.
    real_stdout.write(f"{CORE_PROTOCOL}|{APP_PROTOCOL}|{address[0]}|{address[1]}|grpc\n")
    real_stdout.flush()
    _await_end(ended)
    output.close()
    server.stop(grace=1).wait()
    if address[0] == "unix" and os.path.exists(address[1]):
        os.unlink(address[1])


def _refuse_strangers():
    key, value = COOKIE
    if os.environ.get(key) == value:
        return
    sys.stderr.write(
        "This program is a plugin of Optimus and is not run by hand: put it into a folder of plugins, such as"
        " ~/.optimus/plugins.\n"
    )
    sys.exit(1)


def _listen_to_signals(ended):
    """Before the handshake: from then on the host may be anything to us. Ctrl-C is the host's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: ended.set())


def _start(register, output, ended):
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=WORKERS), options=unlimited)
    own = register(server)
    watched = health.HealthServicer()
    watched.set("plugin", health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(watched, server)
    grpc_controller_pb2_grpc.add_GRPCControllerServicer_to_server(_Controller(ended), server)
    grpc_stdio_pb2_grpc.add_GRPCStdioServicer_to_server(_Stdio(output), server)
    # By their names the host finds out which protocol the plugin speaks.
    reflection.enable_server_reflection([*own, health.SERVICE_NAME, reflection.SERVICE_NAME], server)
    address = _listen(server)
    server.start()
    return server, address


def _listen(server):
    """A socket in the host's private folder; a port of this machine where there are no such sockets."""
    if sys.platform == "win32":
        return "tcp", f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    folder = os.environ.get("PLUGIN_UNIX_SOCKET_DIR") or tempfile.gettempdir()
    path = os.path.join(folder, f"plugin{secrets.randbelow(10**9)}")
    server.add_insecure_port(f"unix:{path}")
    return "unix", path


def _await_end(ended):
    """Until the host says so, SIGTERM comes, or the host is gone."""
    host = os.getppid()
    while not ended.wait(timeout=1):
        if os.getppid() != host:
            return


class _Controller(grpc_controller_pb2_grpc.GRPCControllerServicer):
    def __init__(self, ended):
        self._ended = ended

    def Shutdown(self, request, context):
        self._ended.set()
        return grpc_controller_pb2.Empty()


class _Output:
    """Stands for standard output: what is printed goes to the host's log."""

    encoding = "utf-8"

    def __init__(self):
        self._chunks = queue.Queue(maxsize=MOST_CHUNKS)

    def write(self, text):
        try:
            self._chunks.put_nowait(text.encode())
        except queue.Full:
            pass
        return len(text)

    def flush(self):
        pass

    def close(self):
        try:
            self._chunks.put_nowait(None)
        except queue.Full:
            pass

    def __iter__(self):
        return iter(self._chunks.get, None)


class _Stdio(grpc_stdio_pb2_grpc.GRPCStdioServicer):
    def __init__(self, output):
        self._output = output

    def StreamStdio(self, request, context):
        for chunk in self._output:
            yield grpc_stdio_pb2.StdioData(channel=grpc_stdio_pb2.StdioData.STDOUT, data=chunk)


class _HostFormat(logging.Formatter):
    """hclog's JSON, which keeps level and message in the host's log. The fraction of a second has six digits, always."""

    def format(self, record):
        at = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="microseconds")
        level = {"WARNING": "warn", "CRITICAL": "error"}.get(record.levelname, record.levelname.lower())
        line = {"@level": level, "@message": record.getMessage(), "@module": record.name, "@timestamp": at}
        return json.dumps(line)


def _log_to_host(name):
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_HostFormat())
    logging.basicConfig(level=logging.DEBUG, handlers=[handler], force=True)
    logging.getLogger(name).debug("started")
