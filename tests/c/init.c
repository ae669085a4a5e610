/* The init of the virtual machine that .ci/check_avx512 starts: runs /checker with the serial port
 * as its output, then ends Bochs. */
#define _DEFAULT_SOURCE

#include <fcntl.h>
#include <stdio.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
    const int port = open("/dev/ttyS0", O_WRONLY | O_NOCTTY);
    int status = -1;
    if (dup2(port, STDOUT_FILENO) >= 0 && dup2(port, STDERR_FILENO) >= 0) {
        const pid_t child = fork();
        if (child == 0) {
            execl("/checker", "/checker", "avx512", (char *)NULL);
            perror("/checker");
            _exit(127);
        }
        waitpid(child, &status, 0);
        printf("wait status %d\n", status);
        fflush(stdout);
        fsync(port);
        sleep(1); /* until the port has sent everything */
    }
    iopl(3);
    for (const char *c = "Shutdown"; *c != '\0'; c++)
        outb((unsigned char)*c, 0x8900);
    for (;;)
        pause();
}
