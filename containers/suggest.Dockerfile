# The suggester, a job and an HTTP service, with the bundled base model.
# Build from the repository's root: docker build -f containers/suggest.Dockerfile -t namewright-suggest .
# With `--build-arg TORCH=cuda` it has the CUDA build of torch, for hosts with the NVIDIA container toolkit.
ARG BASE_IMAGE=python:3.11-slim-bookworm

# The first three stages are the same, word for word, in the trainer's and suggest's files: built, kept and pulled once.
#
# Its CPU build has another hash than the CUDA build of the same version that PyPI has, hence two locks. The CPU build
# comes from the wheels that the base brings (pip's find-links), or else from TORCH_INDEX (empty: from nowhere else).
FROM ${BASE_IMAGE} AS torch
ARG TORCH=cpu
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
COPY containers/locks/torch-cpu.txt containers/locks/torch-cuda.txt /build/
RUN python -m venv --without-pip /opt/venv \
 && install="pip --python /opt/venv/bin/python install --no-cache-dir --require-hashes --no-deps --root /layers/torch" \
 && case "$TORCH" in \
      cpu) { [ -n "$(pip config get global.find-links 2>/dev/null)" ] && $install --no-index -r /build/torch-cpu.txt; } \
        || { [ -n "$TORCH_INDEX" ] \
             && $install --retries 1 --timeout 20 --index-url "$TORCH_INDEX" -r /build/torch-cpu.txt; } \
        || { echo "torch's CPU build is neither in the base image nor at TORCH_INDEX='$TORCH_INDEX'" >&2; exit 1; } \
        && for torch in /layers/torch/opt/venv/lib/python3*/site-packages/torch; do \
             rm -rf "$torch/test" "$torch/include" "$torch"/bin/test_*; \
           done ;; \
      cuda) $install -r /build/torch-cuda.txt ;; \
      *) echo "TORCH is cpu or cuda, and not '$TORCH'" >&2; exit 2 ;; \
    esac

# What loads a base model.
FROM torch AS bases
COPY containers/locks/bases.txt /build/
RUN pip --python /opt/venv/bin/python install --no-cache-dir --require-hashes --no-deps --root /layers/bases \
      -r /build/bases.txt

# The bundled base model, converted once; its GGUF file stays behind. The three modules that this needs are copied
# without the rest of their package, so that a change elsewhere does not convert the model anew.
FROM bases AS base-model
COPY containers/locks/bundled-base.txt /build/
COPY packages/shared/src/namewright/shared/bases.py packages/shared/src/namewright/shared/errors.py \
     packages/shared/src/namewright/shared/files.py /build/converter/namewright/shared/
RUN pip install --no-cache-dir --require-hashes --no-deps --no-compile --target /build/gguf -r /build/bundled-base.txt \
 && for layer in /layers/*/opt/venv/lib/python3*/site-packages; do path="$path:$layer"; done \
 && PYTHONPATH="/build/converter:/build/gguf$path" NAMEWRIGHT_CACHE=/layers/base-model/opt/namewright \
    python -c "from namewright.shared.bases import locate_base; print(locate_base('bundled').folder)" \
 && chmod -R a+rX /layers/base-model && rm -r /build/gguf

# What else comes from PyPI stays in this layer while only our own sources change. The CPU image does without the GPU
# builds of bitsandbytes' library (120 MB).
FROM bases AS libraries
ARG TORCH=cpu
COPY containers/locks/suggest.txt /build/
RUN pip --python /opt/venv/bin/python install --no-cache-dir --require-hashes --no-deps --root /layers/libraries \
      -r /build/suggest.txt \
 && if [ "$TORCH" = cpu ]; then \
      for bnb in /layers/libraries/opt/venv/lib/python3*/site-packages/bitsandbytes; do \
        rm -f "$bnb"/*_cuda*.so "$bnb"/*_rocm*.so "$bnb"/*_xpu*.so; \
      done; \
    fi

# Our own wheels, built with locked tools and laid out under /layers/own as they will stand in the image.
FROM libraries AS own
COPY containers/locks/build.txt /build/
RUN python -m venv --without-pip /build/venv \
 && pip --python /build/venv/bin/python install --no-cache-dir --require-hashes --no-deps -r /build/build.txt
COPY packages/shared /src/shared
COPY packages/guard /src/guard
COPY packages/suggest /src/suggest
RUN pip --python /build/venv/bin/python wheel --no-cache-dir --no-build-isolation --no-deps -w /build/wheels /src/shared /src/guard /src/suggest \
 && pip --python /opt/venv/bin/python install --no-cache-dir --no-index --no-deps --root /layers/own /build/wheels/*.whl

FROM ${BASE_IMAGE}
ARG TORCH=cpu
# Triton, which the CUDA build of torch brings, compiles its launchers with the C compiler and Python's headers, which
# python:*-slim has and Debian's python3 has not.
# hadolint ignore=DL3008
RUN if [ "$TORCH" = cuda ]; then \
      apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev \
      && { [ -e "$(python -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" ] \
           || apt-get install -y --no-install-recommends libpython3-dev; } \
      && rm -rf /var/lib/apt/lists/*; \
    fi
# useradd is not in every base. /cache is for models that are fetched from a hub.
RUN echo 'namewright:x:10001:10001::/tmp:/usr/sbin/nologin' >> /etc/passwd \
 && echo 'namewright:x:10001:' >> /etc/group \
 && mkdir /artifacts /cache && chown 10001:10001 /artifacts /cache \
 && python -m venv --without-pip /opt/venv
COPY --from=torch /layers/torch /
COPY --from=bases /layers/bases /
COPY --from=base-model /layers/base-model /
COPY --from=libraries /layers/libraries /
COPY --from=own /layers/own /
# The root file system may be read-only: what is written goes to /artifacts, /cache or /tmp. What is compiled and then
# loaded goes to /cache, because an engine's tmpfs is mounted noexec.
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NAMEWRIGHT_ARTIFACTS=/artifacts \
    NAMEWRIGHT_CACHE=/opt/namewright \
    HF_HOME=/cache/huggingface \
    TRITON_CACHE_DIR=/cache/triton \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
WORKDIR /tmp
USER 10001:10001
STOPSIGNAL SIGTERM
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["suggest"]
ARG VERSION=0.1.0
ARG REVISION=
ARG CREATED=
ENV NAMEWRIGHT_GIT_COMMIT=$REVISION
LABEL org.opencontainers.image.title="namewright-suggest" \
      org.opencontainers.image.description="Guarded domain name suggestions from a fine-tuned model" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED"
