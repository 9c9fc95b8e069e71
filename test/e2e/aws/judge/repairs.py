"""What moto's own classes lack."""

import os

from moto.cloudformation.parsing import ResourceMap
from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ecs import models as ecs
from moto.efs.models import AccessPoint, FileSystem


class WholeTask(ecs.Task):
    """A task with all of its containers; moto's has the first, which succeeds."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        definition = kwargs["task_definition"]
        self.containers = [ecs.Container(definition) for _ in definition.container_definitions]
        for container, declared in zip(self.containers, definition.container_definitions):
            container.name, container.image = declared["name"], declared["image"]
            container.exitCode = int(os.environ["JUDGE_EXIT_CODE"])
        # moto never takes them away again, and a network that has them cannot be deleted
        interfaces = ec2_backends[self._account_id][self.region_name].enis
        for interface in [one for one in interfaces.values() if one.description == "moto ECS"]:
            interfaces.pop(interface.id)


def delete(resources):
    """Deletes what a stack has made, last first. moto cannot delete all of its own networks: only what is made here has to succeed."""
    for logical_id, resource in reversed(list(resources._parsed_resources.items())):
        declared = resources._resource_json_map.get(logical_id)
        if declared is None or resource is None or declared.get("DeletionPolicy") == "Retain":
            continue
        try:
            resources._delete_resource(resource, declared)
        except Exception:
            if type(resource).__module__.startswith("judge."):
                raise


def repair():
    ResourceMap.delete = delete
    ecs.Task = WholeTask
    # it adds up what containers reserve on a machine, which they need not do where the task has its own size
    ecs.EC2ContainerServiceBackend._calculate_task_resource_requirements = lambda *_: {"CPU": 0, "MEMORY": 0, "PORTS": [], "PORTS_UDP": []}
    # it sets it in some networks only, and reads it in all
    NetworkInterface.private_dns_name = ""
    # without it, Ref answers with the object
    AccessPoint.physical_resource_id = property(lambda self: self.access_point_id)
    # it does not answer what GetAtt asks for
    FileSystem.has_cfn_attr = classmethod(lambda _, name: name in ("Arn", "FileSystemId"))
    FileSystem.get_cfn_attribute = lambda self, name: {"Arn": self.file_system_arn, "FileSystemId": self.file_system_id}[name]
