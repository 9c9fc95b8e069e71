# syntax=docker/dockerfile:1
# As small as it is done by hand: nothing compiled, and an environment from the slim image of the same Python, turned to the
# interpreter of distroless. That saves installing Debian's Python; the check of the wheels against another patch release is left out.
FROM python:3.11-slim-bookworm AS build
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=requirements.txt,target=/requirements.txt \
    python -m venv --without-pip /venv \
 && pip --python /venv/bin/python install --no-compile --require-hashes --requirement /requirements.txt \
 && ln -sf /usr/bin/python3 /venv/bin/python \
 && ln -sf /usr/bin/python3 /venv/bin/python3 \
 && sed -i 's|/usr/local/bin|/usr/bin|' /venv/pyvenv.cfg

FROM gcr.io/distroless/python3-debian12:nonroot
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
COPY --link --from=build /venv /venv
EXPOSE 8000
ENTRYPOINT ["/venv/bin/python", "-m"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/tmp", "--no-control-socket", "app:app"]
COPY . /app
