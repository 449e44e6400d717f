# The content guard, an HTTP service (and a job: `docker run ... check TEXT`).
# Build from the repository's root: docker build -f containers/guard.Dockerfile -t namewright-guard .
ARG BASE_IMAGE=python:3.11-slim-bookworm

# What comes from PyPI stays in this layer while only our own sources change. PyYAML's C library (2.4 MB) is left out:
# the guard reads one small file at its start.
FROM ${BASE_IMAGE} AS libraries
COPY containers/locks/guard.txt /build/
RUN python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python install --no-cache-dir --require-hashes --no-deps -r /build/guard.txt \
 && rm -f /opt/venv/lib/python3*/site-packages/yaml/_yaml*.so

# Our own wheels, built with locked tools and laid out under /own as they will stand in the image.
FROM libraries AS own
COPY containers/locks/build.txt /build/
RUN python -m venv --without-pip /build/venv \
 && pip --python /build/venv/bin/python install --no-cache-dir --require-hashes --no-deps -r /build/build.txt
COPY packages/shared /src/shared
COPY packages/guard /src/guard
RUN pip --python /build/venv/bin/python wheel --no-cache-dir --no-build-isolation --no-deps -w /build/wheels /src/shared /src/guard \
 && pip --python /opt/venv/bin/python install --no-cache-dir --no-index --no-deps --root /own /build/wheels/*.whl

FROM ${BASE_IMAGE}
# useradd is not in every base.
RUN echo 'namewright:x:10001:10001::/tmp:/usr/sbin/nologin' >> /etc/passwd \
 && echo 'namewright:x:10001:' >> /etc/group \
 && mkdir /artifacts && chown 10001:10001 /artifacts
COPY --from=libraries /opt/venv /opt/venv
COPY --from=own /own /
# The root file system may be read-only: what is written goes to /artifacts, or to /tmp.
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NAMEWRIGHT_ARTIFACTS=/artifacts
WORKDIR /tmp
USER 10001:10001
STOPSIGNAL SIGTERM
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=5s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["guard"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080"]
ARG VERSION=0.1.0
ARG REVISION=
ARG CREATED=
ENV NAMEWRIGHT_GIT_COMMIT=$REVISION
LABEL org.opencontainers.image.title="namewright-guard" \
      org.opencontainers.image.description="Is this request, or this domain name, safe?" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED"
