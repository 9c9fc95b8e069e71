# syntax=docker/dockerfile:1
# The recipe that most tutorials for Chainguard's images show: a virtual environment from the dev image, the source copied before it.
FROM cgr.dev/chainguard/python:latest-dev AS dev
WORKDIR /app
COPY . .
RUN python -m venv venv
ENV PATH=/app/venv/bin:$PATH
RUN pip install --no-cache-dir --requirement requirements.txt

FROM cgr.dev/chainguard/python:latest
WORKDIR /app
ENV PYTHONUNBUFFERED=1 PATH=/app/venv/bin:$PATH
COPY --from=dev /app /app
EXPOSE 8000
ENTRYPOINT ["/app/venv/bin/python", "-m"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/tmp", "--no-control-socket", "app:app"]
