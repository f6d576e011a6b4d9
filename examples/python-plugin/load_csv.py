"""A task plugin in Python: it tells Optimus what a job that loads a CSV file needs to know. An image does the loading."""

import logging
import re

import grpc
from odpf.optimus.plugins.v1beta1 import base_pb2, base_pb2_grpc, cli_pb2, cli_pb2_grpc

import go_plugin

NAME = "load-csv"
VERSION = "1.0.0"
COLUMNS = "columns.txt"

log = logging.getLogger(NAME)


def main():
    go_plugin.serve(NAME, register)


def register(server):
    base_pb2_grpc.add_BaseServiceServicer_to_server(Base(), server)
    cli_pb2_grpc.add_CLIModServiceServicer_to_server(Cli(), server)
    files = (base_pb2.DESCRIPTOR, cli_pb2.DESCRIPTOR)
    return [service.full_name for file in files for service in file.services_by_name.values()]


class Base(base_pb2_grpc.BaseServiceServicer):
    def PluginInfo(self, request, context):
        return base_pb2.PluginInfoResponse(
            name=NAME,
            description="Loads a CSV file into a table",
            plugin_type=base_pb2.PLUGIN_TYPE_TASK,
            plugin_mods=[base_pb2.PLUGIN_MOD_CLI],
            plugin_version=VERSION,
            # The server takes requests of any size: see go_plugin.py.
            api_version=["large-requests"],
            image=f"example.io/load-csv:{VERSION}",
        )


def question(name, prompt, **more):
    return cli_pb2.PluginQuestion(name=name, prompt=prompt, **more)


def questions():
    key = question("Key", "Which column tells rows apart?")
    merge = cli_pb2.PluginQuestion.SubQuestion(if_value="MERGE", questions=[key])
    return [
        question("Source", "Which file is loaded?", help="a URL that ends in .csv; may hold macros"),
        question("Table", "Into which table?", help="dataset.table"),
        question("Mode", "How?", default="APPEND", multiselect=["APPEND", "MERGE"], sub_questions=[merge]),
    ]


# What an answer must look like, and what is said if it does not.
RULES = {
    "Source": (r".+\.csv", "write a URL that ends in .csv"),
    "Table": (r"\w+\.\w+", "write it as dataset.table"),
    "Key": (r"\w+", "write the name of one column"),
}


class Cli(cli_pb2_grpc.CLIModServiceServicer):
    def GetQuestions(self, request, context):
        log.info("asked for the questions of %s", request.job_name)
        return cli_pb2.GetQuestionsResponse(questions=questions())

    def ValidateQuestion(self, request, context):
        pattern, problem = RULES.get(request.answer.question.name, (".*", ""))
        if re.fullmatch(pattern, request.answer.value):
            return cli_pb2.ValidateQuestionResponse(success=True)
        return cli_pb2.ValidateQuestionResponse(success=False, error=problem)

    def DefaultConfig(self, request, context):
        config = {answer.question.name.upper(): answer.value for answer in request.answers}
        entries = [cli_pb2.Configs.Config(name=name, value=value) for name, value in config.items()]
        return cli_pb2.DefaultConfigResponse(config=cli_pb2.Configs(configs=entries))

    def DefaultAssets(self, request, context):
        columns = cli_pb2.Assets.Asset(name=COLUMNS, value="# One column a line.\nid\n")
        return cli_pb2.DefaultAssetsResponse(assets=cli_pb2.Assets(assets=[columns]))

    def CompileAssets(self, request, context):
        assets = [compile_asset(asset, context) for asset in request.assets.assets]
        return cli_pb2.CompileAssetsResponse(assets=cli_pb2.Assets(assets=assets))


def compile_asset(asset, context):
    """The image wants columns alone: comments and empty lines are for people."""
    if asset.name != COLUMNS:
        return asset
    columns = [line.strip() for line in asset.value.splitlines() if line.strip() and not line.startswith("#")]
    if not columns:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{COLUMNS} names no column")
    print("columns:", ", ".join(columns))
    return cli_pb2.Assets.Asset(name=asset.name, value="\n".join(columns) + "\n")
