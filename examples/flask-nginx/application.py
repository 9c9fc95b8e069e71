"""The application of application.ts, declared in Python: it writes the same files."""
from pathlib import Path

from cdk_wheelhouse import (
    App, Application, ComposeFile, KubernetesFile, Network, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Route, Service,
)

root = Path(__file__).parent
app = App(root=str(root))
application = Application(app, "flask-nginx")

flask = Service(
    application, "flask-app",
    image=PythonServiceImage(
        application, "flask-app-image",
        source="app",
        base=PythonBase.chainguard(),
        server=PythonServer.gunicorn("app:app", health_path="/healthz", workers=2),
    ),
    networks=[Network(application, "backnet")],
)
NginxReverseProxy(application, "nginx", routes=[Route.prefix("/", flask)], networks=[Network(application, "frontnet")], publish=8080)

ComposeFile(application, "compose")
KubernetesFile(application, "kubernetes", registry="registry.example.com/flask-nginx")
app.synth()
