"""The application of application.ts, declared in Python: it writes the same files."""
from pathlib import Path

from cdk_wheelhouse import (
    App, Application, ComposeFile, KubernetesFile, Network, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Resources, Route, Service,
)

from accepted_findings import ACCEPTED_FINDINGS

app = App(root=str(Path(__file__).parent))
application = Application(app, "flask-nginx")
resources = Resources(cpu_reservation=0.1, cpu_limit=1, memory_reservation_mebibytes=128, memory_limit_mebibytes=512)
flask = Service(
    application, "flask-app",
    image=PythonServiceImage(
        application, "flask-app-image",
        source="app",
        base=PythonBase.chainguard(),
        server=PythonServer.gunicorn("app:app", health_path="/healthz", workers=2),
    ),
    networks=[Network(application, "backnet")],
    resources=resources,
)
frontnet = Network(application, "frontnet")
NginxReverseProxy(application, "nginx", routes=[Route.prefix("/", flask)], networks=[frontnet], resources=resources, publish=8080)

ComposeFile(application, "compose")
KubernetesFile(application, "kubernetes", registry="registry.example.com/flask-nginx", annotations=ACCEPTED_FINDINGS)
app.synth()
