"""moto's server with a stricter CloudFormation, on the port MOTO_PORT: python -m judge

moto itself drops most properties of task definitions and services without a word, skips types that it does not know, and runs custom
resources in Docker or not at all. The calls that make resources are written to the file JUDGE_CALLS, a line of JSON each, in their order.
Tasks end with the exit code JUDGE_EXIT_CODE.
"""

import os

from moto.cloudformation import parsing
from moto.server import main

from .api_backed import CLASSES
from .custom_resource import CustomResource
from .repairs import repair


def class_of(kind):
    if kind.startswith("Custom::") or kind == "AWS::CloudFormation::CustomResource":
        return CustomResource
    return CLASSES.get(kind) or moto_class_of(kind)


moto_class_of, parsing.resource_class_from_type = parsing.resource_class_from_type, class_of
repair()
main(["--host", "127.0.0.1", "--port", os.environ["MOTO_PORT"]])
