package sandbox

import (
	"flag"
	"fmt"
	"os"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"k8s.io/klog/v2"
)

// componentLog is the one file to which all components write; every start truncates it.
type componentLog struct {
	file *os.File
	zap  *zap.Logger
}

func openLog(path string) (*componentLog, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("log: %w", err)
	}
	// klog takes its settings as flags only.
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	for name, value := range map[string]string{"logtostderr": "false", "one_output": "true", "stderrthreshold": "FATAL"} {
		if err := flags.Set(name, value); err != nil {
			return nil, fmt.Errorf("log: %w", err)
		}
	}
	klog.SetOutput(file)
	format := zap.NewProductionEncoderConfig()
	format.EncodeTime = zapcore.ISO8601TimeEncoder
	encoder := zapcore.NewConsoleEncoder(format)
	return &componentLog{
		file: file,
		zap:  zap.New(zapcore.NewCore(encoder, zapcore.AddSync(file), zapcore.WarnLevel)),
	}, nil
}

// close leaves the file open: parts that did not end in time may still log.
func (l *componentLog) close() {
	klog.Flush()
	_ = l.zap.Sync()
}
