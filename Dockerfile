# syntax=docker/dockerfile:1
# docker build -t viva .
ARG PYTHON_VERSION=3.11

FROM python:${PYTHON_VERSION}-slim-bookworm AS build
# The plain package index serves PyTorch with its CUDA libraries (several GB); this one has the CPU
# build. For a GPU: --build-arg TORCH_INDEX=https://download.pytorch.org/whl/cu130
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/viva
ENV PATH=/opt/viva/bin:$PATH
WORKDIR /src
COPY requirements.lock ./
RUN --mount=type=cache,target=/root/.cache/pip \
    grep '^torch==' requirements.lock > torch.lock \
    && pip install --no-deps --index-url "$TORCH_INDEX" --requirement torch.lock
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY knowledge knowledge
COPY agent agent
COPY api api
COPY evals evals
RUN --mount=type=cache,target=/root/.cache/pip pip install --no-deps .

FROM python:${PYTHON_VERSION}-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin viva \
    && install --directory --owner viva --mode 700 /data
COPY --from=build /opt/viva /opt/viva
# OMP_NUM_THREADS: cores of the machine divided by the replicas on it. The root file system may be
# read-only; only /data (SQLite, where no VIVA_DATABASE_URL is set) and /tmp are written to.
ENV PATH=/opt/viva/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    TOKENIZERS_PARALLELISM=false \
    OMP_NUM_THREADS=1 \
    VIVA_HOME=/data
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health', timeout=3)"]
ENTRYPOINT ["viva"]
# Any address but loopback wants VIVA_SECRET, or the server does not start.
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
