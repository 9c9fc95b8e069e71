"""Says whether what is sent is YAML."""
import yamlcheck


def app(environ, start_response):
    text = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    answer = f"libyaml {yamlcheck.library()}: {'YAML' if yamlcheck.is_yaml(text) else 'no YAML'}\n"
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [answer.encode()]
