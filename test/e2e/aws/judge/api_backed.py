"""Resources that are made by the call that AWS documents: every property has to be a parameter that botocore knows, of its type."""

import json
from typing import NamedTuple

from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError
from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.common_models import CloudFormationModel

from .here import client, note
from .refusal import refused


class Api(NamedTuple):
    """How a resource is made. `ref` and `attributes` are paths into the answer, or with `{name}` made of the parameters."""

    service: str
    operation: str
    ref: str
    attributes: dict = {}
    # parameter that gets a generated name where the template has none
    name: str | None = None
    # operation, and its parameter for `ref`
    delete: tuple[str, str] | None = None


TYPES = {
    "AWS::ApplicationAutoScaling::ScalableTarget": Api(
        "application-autoscaling", "RegisterScalableTarget", "{ResourceId}|{ScalableDimension}|{ServiceNamespace}", {"Id": "{ResourceId}"},
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": Api("application-autoscaling", "PutScalingPolicy", "PolicyARN", {"Arn": "PolicyARN"}),
    "AWS::EC2::SecurityGroupEgress": Api("ec2", "AuthorizeSecurityGroupEgress", "SecurityGroupRules.0.SecurityGroupRuleId"),
    "AWS::ECS::Cluster": Api("ecs", "CreateCluster", "cluster.clusterName", {"Arn": "cluster.clusterArn"}, "clusterName"),
    "AWS::ECS::ClusterCapacityProviderAssociations": Api("ecs", "PutClusterCapacityProviders", "cluster.clusterName"),
    "AWS::ECS::Service": Api("ecs", "CreateService", "service.serviceArn", {"ServiceArn": "service.serviceArn", "Name": "service.serviceName"}, "serviceName"),
    "AWS::ECS::TaskDefinition": Api(
        "ecs", "RegisterTaskDefinition", "taskDefinition.taskDefinitionArn", {"TaskDefinitionArn": "taskDefinition.taskDefinitionArn"}, "family",
        ("DeregisterTaskDefinition", "taskDefinition"),
    ),
    "AWS::Scheduler::Schedule": Api("scheduler", "CreateSchedule", "{Name}", {"Arn": "ScheduleArn"}, "Name", ("DeleteSchedule", "Name")),
    "AWS::Scheduler::ScheduleGroup": Api("scheduler", "CreateScheduleGroup", "{Name}", {"Arn": "ScheduleGroupArn"}, "Name", ("DeleteScheduleGroup", "Name")),
    "AWS::SecretsManager::Secret": Api("secretsmanager", "CreateSecret", "ARN", {"Id": "ARN"}, "Name", ("DeleteSecret", "SecretId")),
    "AWS::ServiceDiscovery::HttpNamespace": Api("servicediscovery", "CreateHttpNamespace", "Id", {"Id": "Id", "Arn": "Arn"}, None, ("DeleteNamespace", "Id")),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": Api(
        "servicediscovery", "CreatePrivateDnsNamespace", "Id", {"Id": "Id", "Arn": "Arn", "HostedZoneId": "Properties.DnsProperties.HostedZoneId"}, None,
        ("DeleteNamespace", "Id"),
    ),
    "AWS::ServiceDiscovery::Service": Api(
        "servicediscovery", "CreateService", "Service.Id", {"Id": "Service.Id", "Arn": "Service.Arn", "Name": "Service.Name"}, "Name", ("DeleteService", "Id"),
    ),
}


def prepared(kind, properties, resource_name):
    """Properties as the call says them: a few are called or built in another way."""
    given = dict(properties)
    name = TYPES[kind].name
    if name and name.lower() not in (one.lower() for one in given):
        given[name] = resource_name
    if "ClusterSettings" in given:
        given["settings"] = given.pop("ClusterSettings")
    if "ScalingTargetId" in given:
        given["ResourceId"], given["ScalableDimension"], given["ServiceNamespace"] = given.pop("ScalingTargetId").split("|")
    if kind == "AWS::SecretsManager::Secret" and "SecretString" not in given:
        generated = given.pop("GenerateSecretString", {})
        key = generated.get("GenerateStringKey")
        given["SecretString"] = json.dumps({**json.loads(generated["SecretStringTemplate"]), key: "x"}) if key else "x"
    if kind == "AWS::EC2::SecurityGroupEgress":
        rule = {one: given.pop(one) for one in ("IpProtocol", "FromPort", "ToPort") if one in given}
        about = {"Description": given.pop("Description")} if "Description" in given else {}
        group = given.pop("DestinationSecurityGroupId", None)
        rule |= {"UserIdGroupPairs": [{"GroupId": group, **about}]} if group else {"IpRanges": [{"CidrIp": given.pop("CidrIp"), **about}]}
        given["IpPermissions"] = [rule]
    return given


def parameters(value, shape, path=""):
    """Names differ in nothing but their case; CloudFormation lets texts stand for numbers and truth, and numbers for texts."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        members = {name.lower(): name for name in shape.members}
        unknown = [f"{path}{name}" for name in value if name.lower() not in members]
        if unknown:
            raise ValueError(f"{shape.name} has no {', '.join(unknown)}")
        return {members[name.lower()]: parameters(one, shape.members[members[name.lower()]], f"{path}{name}.") for name, one in value.items()}
    if kind == "list" and isinstance(value, list):
        return [parameters(one, shape.member, path) for one in value]
    if kind == "map" and isinstance(value, list):
        return {tag["Key"]: tag["Value"] for tag in value}
    if kind in ("integer", "long") and isinstance(value, str):
        return int(value)
    if kind == "boolean" and isinstance(value, str):
        return {"true": True, "false": False}[value.lower()]
    if kind == "string" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value


def at(path, answer, given):
    if "{" in path:
        return path.format(**given)
    for key in path.split("."):
        answer = answer[int(key)] if key.isdigit() else answer[key]
    return answer


class ApiBacked(CloudFormationModel):
    """One of the types above: a class of its own for each, with its `kind`."""

    kind = ""

    def __init__(self, given, answer):
        self.given, self.answer = given, answer

    @property
    def physical_resource_id(self):
        return at(TYPES[self.kind].ref, self.answer, self.given)

    def get_cfn_attribute(self, name):
        attributes = TYPES[self.kind].attributes
        if name not in attributes:
            raise UnformattedGetAttTemplateException()
        return at(attributes[name], self.answer, self.given)

    def is_created(self):
        return True

    def delete(self, _account, _region):
        api = TYPES[self.kind]
        if self.kind == "AWS::ECS::Service":
            client("ecs").delete_service(cluster=self.answer["service"]["clusterArn"], service=self.physical_resource_id, force=True)
        elif api.delete:
            operation, parameter = api.delete
            getattr(client(api.service), xform_name(operation))(**{parameter: self.physical_resource_id})

    @staticmethod
    def cloudformation_name_type():
        return ""

    @staticmethod
    def cloudformation_type():
        return ""

    @classmethod
    def has_cfn_attr(cls, name):
        return name in TYPES[cls.kind].attributes

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, _account, _region, LogicalId, **_):
        api = TYPES[cls.kind]
        service = client(api.service)
        shape = service.meta.service_model.operation_model(api.operation).input_shape
        try:
            given = parameters(prepared(cls.kind, cloudformation_json["Properties"], resource_name), shape)
            answer = getattr(service, xform_name(api.operation))(**given)
        except (ParamValidationError, ClientError, ValueError) as error:
            raise refused(LogicalId, error) from error
        note(LogicalId, cls.kind, api.operation, given)
        if "OperationId" in answer:
            answer = service.get_namespace(Id=service.get_operation(OperationId=answer["OperationId"])["Operation"]["Targets"]["NAMESPACE"])["Namespace"]
        return cls(given, answer)

    @classmethod
    def update_from_cloudformation_json(cls, *_, **__):
        raise refused(cls.kind, "stacks are created here and deleted, not changed")


def class_of(kind):
    return type(kind.replace("::", ""), (ApiBacked,), {"kind": kind})


CLASSES = {kind: class_of(kind) for kind in TYPES}
