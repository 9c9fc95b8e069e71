"""Custom resources: the code of their Lambda runs in this Python, asks moto instead of AWS, and the stack waits for its answer."""

import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

from moto.awslambda.models import lambda_backends
from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.common_models import CloudFormationModel

from .here import ENDPOINT, note
from .refusal import refused

RUN = """
import json, sys, types
import {module} as program
context = types.SimpleNamespace(log_stream_name="log", aws_request_id="1", function_name="judged", get_remaining_time_in_millis=lambda: 60_000)
program.{handler}(json.load(sys.stdin), context)
"""


class CustomResource(CloudFormationModel):
    """What CloudFormation calls a Lambda for."""

    def __init__(self, function, event, answer):
        self.function, self.event, self.answer = function, event, answer

    @property
    def physical_resource_id(self):
        return self.answer["PhysicalResourceId"]

    def get_cfn_attribute(self, name):
        if name not in self.answer.get("Data", {}):
            raise UnformattedGetAttTemplateException()
        return self.answer["Data"][name]

    def is_created(self):
        return True

    def delete(self, _account, _region):
        tell(self.function, {**self.event, "RequestType": "Delete", "PhysicalResourceId": self.physical_resource_id})

    @staticmethod
    def cloudformation_name_type():
        return ""

    @staticmethod
    def cloudformation_type():
        return ""

    @classmethod
    def has_cfn_attr(cls, _name):
        return True

    @classmethod
    def create_from_cloudformation_json(cls, _name, cloudformation_json, account, region, LogicalId, StackId, ResourceType):
        properties = texts(cloudformation_json["Properties"])
        event = {
            "RequestType": "Create", "StackId": StackId, "RequestId": "1", "LogicalResourceId": LogicalId, "ResourceType": ResourceType,
            "ServiceToken": properties["ServiceToken"], "ResourceProperties": properties,
        }
        function = lambda_backends[account][region].get_function(properties["ServiceToken"])
        answer = tell(function, event)
        note(LogicalId, ResourceType, "Create", properties)
        return cls(function, event, answer)


def texts(value):
    """CloudFormation sends numbers and truth as texts."""
    if isinstance(value, dict):
        return {name: texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [texts(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def tell(function, event):
    """The answer of the Lambda, which it sends to an address that is made for it."""
    answers = []

    class Address(BaseHTTPRequestHandler):
        def do_PUT(self):
            answers.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Address)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        said = invoke(function, {**event, "ResponseURL": f"http://127.0.0.1:{server.server_port}/"})
    finally:
        server.shutdown()
        server.server_close()
    if not answers:
        raise refused(event["LogicalResourceId"], f"its Lambda has not answered: {said}")
    if answers[0]["Status"] != "SUCCESS":
        raise refused(event["LogicalResourceId"], answers[0].get("Reason"))
    return answers[0]


def invoke(function, event):
    """Runs a handler to its end; answers with what it has printed."""
    if not function.run_time.startswith("python"):
        raise refused(event["LogicalResourceId"], f"a Lambda of {function.run_time} cannot run here, only one of Python")
    module, handler = function.handler.split(".")
    own = {**os.environ, **function.environment_vars, "AWS_ENDPOINT_URL": ENDPOINT, "AWS_REGION": function.region, "PYTHONDONTWRITEBYTECODE": "1"}
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(function.code_bytes)) as archive:
            archive.extractall(folder)
        done = subprocess.run(
            [sys.executable, "-c", RUN.format(module=module, handler=handler)],
            input=json.dumps(event), env={**own, "PYTHONPATH": folder}, capture_output=True, text=True, timeout=120,
        )
    return done.stdout + done.stderr
