# syntax=docker/dockerfile:1
# As well as it is done by hand on slim: an environment without pip, pip's cache kept, requirements before the source.
FROM python:3.13-slim-bookworm AS build
RUN python -m venv --without-pip /venv
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=requirements.txt,target=/requirements.txt \
    pip --python /venv/bin/python install --require-hashes --requirement /requirements.txt

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 65532 --create-home nonroot
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
COPY --link --from=build /venv /venv
USER 65532:65532
EXPOSE 8000
ENTRYPOINT ["/venv/bin/python", "-m"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/tmp", "--no-control-socket", "app:app"]
COPY . /app
