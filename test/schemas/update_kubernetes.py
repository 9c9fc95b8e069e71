"""Writes kubernetes.json: the strict JSON schemas of the kinds that we print, from the PyPI package kubernetes-validate.

    pip install kubernetes-validate && python test/schemas/update_kubernetes.py
"""
import json
import pathlib

import kubernetes_validate

KINDS = {
    "apps/v1 Deployment": "io.k8s.api.apps.v1.Deployment",
    "apps/v1 StatefulSet": "io.k8s.api.apps.v1.StatefulSet",
    "autoscaling/v2 HorizontalPodAutoscaler": "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
    "batch/v1 CronJob": "io.k8s.api.batch.v1.CronJob",
    "batch/v1 Job": "io.k8s.api.batch.v1.Job",
    "networking.k8s.io/v1 Ingress": "io.k8s.api.networking.v1.Ingress",
    "networking.k8s.io/v1 NetworkPolicy": "io.k8s.api.networking.v1.NetworkPolicy",
    "policy/v1 PodDisruptionBudget": "io.k8s.api.policy.v1.PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1 Role": "io.k8s.api.rbac.v1.Role",
    "rbac.authorization.k8s.io/v1 RoleBinding": "io.k8s.api.rbac.v1.RoleBinding",
    "v1 ConfigMap": "io.k8s.api.core.v1.ConfigMap",
    "v1 Namespace": "io.k8s.api.core.v1.Namespace",
    "v1 PersistentVolumeClaim": "io.k8s.api.core.v1.PersistentVolumeClaim",
    "v1 Service": "io.k8s.api.core.v1.Service",
    "v1 ServiceAccount": "io.k8s.api.core.v1.ServiceAccount",
}
HERE = pathlib.Path(__file__).parent
SCHEMAS = pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"


def without_descriptions(node):
    if isinstance(node, dict):
        return {k: without_descriptions(v) for k, v in node.items() if not (k == "description" and isinstance(v, str))}
    return [without_descriptions(item) for item in node] if isinstance(node, list) else node


def references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rsplit("/", 1)[-1]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


newest = max(SCHEMAS.glob("v*-local-strict"), key=lambda path: [int(part) for part in path.name[1:].split("-")[0].split(".")])
definitions = without_descriptions(json.loads((newest / "_definitions.json").read_text()))["$defs"]
wanted, needed = list(KINDS.values()), {}
while wanted:
    name = wanted.pop()
    if name not in needed:
        needed[name] = definitions[name]
        wanted += references(definitions[name])
result = {"version": newest.name.split("-")[0], "kinds": KINDS, "$defs": needed}
(HERE / "kubernetes.json").write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
