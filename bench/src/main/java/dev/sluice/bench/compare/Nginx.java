package dev.sluice.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** nginx as a plain proxy: one worker, keep-alive on both sides, nothing buffered, nothing logged. */
final class Nginx {
    private Nginx() {}

    static Rival.SetUp setUp(Rival.Site site) throws IOException, InterruptedException {
        Optional<Path> binary = Rival.program("nginx");
        if (binary.isEmpty()) return new Rival.SetUp.Missing("is not installed");
        String program = binary.get().toString();
        Path work = site.work();
        Path file = work.resolve("nginx.conf");
        Files.writeString(file, configuration(work, site.upstreamPort(), site.port()));
        return new Rival.SetUp.Ready(
                Machine.firstLine(program, "-v").replace("nginx version: nginx/", ""),
                List.of(program, "-p", work.toString(), "-c", file.toString(), "-e", work + "/nginx-start.log"),
                Map.of(),
                Map.of());
    }

    private static String configuration(Path work, int upstreamPort, int port) {
        return """
            daemon off;
            worker_processes 1;
            worker_rlimit_nofile 65535;
            pid %1$s/nginx.pid;
            error_log %1$s/nginx-error.log;
            events { worker_connections 20000; }
            http {
              access_log off;
              keepalive_requests 1000000000;
              client_body_buffer_size 128k;
              client_body_temp_path %1$s/nginx-body;
              proxy_temp_path %1$s/nginx-proxy;
              fastcgi_temp_path %1$s/nginx-fastcgi;
              uwsgi_temp_path %1$s/nginx-uwsgi;
              scgi_temp_path %1$s/nginx-scgi;
              upstream provider {
                server 127.0.0.1:%2$d;
                keepalive 8192;
                keepalive_requests 1000000000;
              }
              server {
                listen 127.0.0.1:%3$d backlog=4096;
                location / {
                  proxy_pass http://provider;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_set_header Authorization "Bearer bench-provider-key";
                  proxy_buffering off;
                  proxy_read_timeout 600s;
                }
              }
            }
            """.formatted(work, upstreamPort, port);
    }
}
