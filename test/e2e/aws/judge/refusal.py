"""How CloudFormation refuses a stack."""

from moto.cloudformation.exceptions import ValidationError


def refused(logical_id, why):
    return ValidationError(message=f"{logical_id}: {why}")
