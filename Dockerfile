# The same steps as `make run`: bin/install is the only place that names packages.
FROM python:3.13-slim-trixie

ENV VENV=/opt/lamplighter PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app

# This layer is made again only when the packages or the libraries change.
COPY bin/install bin/install
COPY requirements.txt ./
RUN bin/install run && rm -rf /var/lib/apt/lists/* ~/.cache

COPY . .
RUN useradd --uid 1000 --create-home lamplighter \
    && install -d -o lamplighter -g lamplighter -m 0700 /var/lib/lamplighter
USER lamplighter

ENV PATH=/opt/lamplighter/bin:$PATH VAR=/var/lib/lamplighter HOST=0.0.0.0
VOLUME /var/lib/lamplighter
EXPOSE 8000 8001

# web, worker, light, clock, demo or migrate; nothing at all starts everything, as `make run` does.
ENTRYPOINT ["python", "-m", "webapp.supervision"]
CMD ["web"]
