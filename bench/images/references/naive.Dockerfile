# syntax=docker/dockerfile:1
# What a first attempt looks like: one stage, everything copied, then installed.
FROM python:3.13-slim-bookworm
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir --requirement requirements.txt
EXPOSE 8000
ENTRYPOINT ["python", "-m"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/tmp", "--no-control-socket", "app:app"]
