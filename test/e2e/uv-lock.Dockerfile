# syntax=docker/dockerfile:1
# Locks the project in shop/ with the real uv.
FROM ghcr.io/astral-sh/uv:latest AS uv
FROM python:3.13-slim-bookworm AS lock
COPY shop /shop
RUN --mount=type=bind,from=uv,source=/uv,target=/uv UV_PYTHON_DOWNLOADS=never /uv lock --project /shop
FROM scratch
COPY --from=lock /shop/uv.lock /
