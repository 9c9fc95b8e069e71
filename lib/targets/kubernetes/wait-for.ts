/** Name of the file that it is in. */
export const WAIT_FOR = 'wait_for.py';

/**
 * Waits for what it is told: `service:db:5432`, `job:migrate-1a2b3c4d`. Python 3.8 or newer, and nothing but its standard library.
 *
 * A Service leads only to pods that are ready, so that a connection through it is an answer. Where the API is, every container is told, whatever
 * `enableServiceLinks` says. Certificates of many clusters are older than the strictness of `ssl.create_default_context`.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#types-of-probe
 * @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api
 * @see https://github.com/kubernetes/kubernetes/issues/120953
 * @see https://github.com/kubernetes-client/python/issues/2394
 */
export const WAIT_FOR_PROGRAM = `"""Waits until each service accepts connections and each job has ended well, then ends."""
import os
import signal
import socket
import sys
import threading
import time

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
SIGNALS = {signal.SIGTERM, signal.SIGINT}
AGAIN_SECONDS = 30


def end_on_signal():
    os._exit(128 + signal.sigwait(SIGNALS))


def content(name):
    with open(f"{ACCOUNT}/{name}", encoding="utf-8") as file:
        return file.read().strip()


def service(host, port):
    """Why it does not answer; nothing when it does."""
    try:
        socket.create_connection((host, int(port)), timeout=3).close()
    except OSError as problem:
        return str(problem)


def job(name):
    """Why it has not ended well; nothing when it has."""
    try:
        status, answer = asked(f"/apis/batch/v1/namespaces/{content('namespace')}/jobs/{name}")
    except Exception as problem:  # whatever it is, it may be gone in a second
        return f"the API cannot be asked: {type(problem).__name__}: {problem}"
    if status != 200:
        return f"the API answers {status}: {answer.get('message')}"
    ended = {condition["type"]: condition for condition in answer.get("status", {}).get("conditions", []) if condition["status"] == "True"}
    if "Failed" in ended:
        why = ended["Failed"]
        sys.exit(f"job {name} has failed: {why.get('reason')}: {why.get('message')}; its logs say why; once that is mended, delete it and apply it again")
    return None if "Complete" in ended else "it has not ended"


def asked(path):
    import http.client
    import json
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(f"{ACCOUNT}/ca.crt")
    host, port = os.environ["KUBERNETES_SERVICE_HOST"], int(os.environ["KUBERNETES_SERVICE_PORT"])
    connection = http.client.HTTPSConnection(host, port, timeout=5, context=context)
    try:
        connection.request("GET", path, headers={"Accept": "application/json", "Authorization": f"Bearer {content('token')}"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def wait(kind, name, *port):
    what = " ".join([kind, ":".join([name, *port])])
    said, at = None, 0
    while True:
        missing = job(name) if kind == "job" else service(name, *port)
        if missing is None:
            print(f"{what} is there", flush=True)
            return
        if missing != said or time.monotonic() - at >= AGAIN_SECONDS:
            print(f"waiting for {what}: {missing}", flush=True)
            said, at = missing, time.monotonic()
        time.sleep(1)


# process 1 gets no signal that it does not ask for, and none while it looks up a name
signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
threading.Thread(target=end_on_signal, daemon=True).start()
for target in sys.argv[1:]:
    wait(*target.split(":"))
`;
